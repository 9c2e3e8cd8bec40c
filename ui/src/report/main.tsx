// The report page: reads its data from the page it stands in and draws itself.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import type { Report } from "../api/report";
import { ReportPage } from "./report-page";
import "./style/base.css";
import "./style/page.css";
import "./style/head.css";
import "./style/answer.css";
import "../components/panel.css";
import "./style/folds.css";
import "./style/narrow.css";
import "./style/print.css";

const data = document.getElementById("report-data")?.textContent;
const root = document.getElementById("report");

if (root && data)
  createRoot(root).render(
    <StrictMode>
      <ReportPage report={JSON.parse(data) as Report} />
    </StrictMode>,
  );

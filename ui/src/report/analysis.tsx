// For analysts: folded on the screen, open on paper.
import { use, useState } from "react";
import type { Report } from "../api/report";
import { PrintingContext } from "../components/printing";
import { ChapterCharts } from "./chapter-section";
import { checks, type Chapter } from "./contents";
import { Findings } from "./findings";

export function Analysis({ report }: { report: Report }) {
  return (
    <section id="analysis" aria-labelledby="analysis-title">
      <h2 id="analysis-title">For analysts</h2>
      <p className="lead">
        Fit, residuals, calibration, beliefs and sampling: what to check before the numbers are used.
      </p>
      {checks.map((chapter) => (
        <Folded key={chapter.id} chapter={chapter} report={report} />
      ))}
    </section>
  );
}

/** Its charts are made when it is first opened. */
function Folded({ chapter, report }: { chapter: Chapter; report: Report }) {
  const printing = use(PrintingContext);
  const [opened, setOpened] = useState(false);
  return (
    <details
      id={chapter.id}
      className="fold"
      open={printing || undefined}
      onToggle={(event) => setOpened(opened || event.currentTarget.open)}
    >
      <summary>
        <span className="title">{chapter.title}</span>
        <span className="soft">{chapter.lead}</span>
      </summary>
      {(opened || printing) && <ChapterCharts chapter={chapter} report={report} />}
      {opened && chapter.id === "left-over" && (
        <Findings findings={report.exhibits.left_over?.findings ?? []} none="" />
      )}
    </details>
  );
}

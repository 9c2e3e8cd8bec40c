// A chapter: its question, and the charts that answer it.
import type { ReactNode } from "react";
import type { Report } from "../api/report";
import { ChartPanel } from "../components/chart-panel";
import { sorted, type Chapter } from "./contents";

interface Props {
  chapter: Chapter;
  report: Report;
  children?: ReactNode;
}

export function ChapterSection({ chapter, report, children }: Props) {
  return (
    <section id={chapter.id} aria-labelledby={`${chapter.id}-title`}>
      <h2 id={`${chapter.id}-title`}>{chapter.title}</h2>
      <p className="lead">{chapter.lead}</p>
      {children}
      <ChapterCharts chapter={chapter} report={report} />
    </section>
  );
}

export function ChapterCharts({ chapter, report }: Props) {
  const { drawn, absent } = sorted(chapter, report);
  return (
    <>
      {drawn.map((chart) => (
        <ChartPanel key={chart.name} chart={chart} report={report} />
      ))}
      {absent.length > 0 && (
        <ul className="absent">
          {absent.map(({ chart, reason }) => (
            <li key={chart.name}>
              Not here: “{chart.question}” {reason}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

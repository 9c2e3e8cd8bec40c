// For analysts: folded on the screen, open on paper.
import type { Report } from "../api/report";
import { Fold } from "../components/fold";
import { ChapterCharts } from "./chapter-section";
import { checks } from "./contents";
import { Findings } from "./findings";

export function Analysis({ report }: { report: Report }) {
  return (
    <section id="analysis" aria-labelledby="analysis-title">
      <h2 id="analysis-title">For analysts</h2>
      <p className="lead">
        Fit, residuals, calibration, beliefs and sampling: what to check before the numbers are used.
      </p>
      {checks.map((chapter) => (
        <Fold key={chapter.id} id={chapter.id} title={chapter.title} lead={chapter.lead}>
          {() => (
            <>
              <ChapterCharts chapter={chapter} report={report} />
              {chapter.id === "left-over" && <Findings findings={report.exhibits.left_over?.findings ?? []} none="" />}
            </>
          )}
        </Fold>
      ))}
    </section>
  );
}

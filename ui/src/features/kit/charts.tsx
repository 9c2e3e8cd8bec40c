// Charts of a report by name; those that have nothing to show are left out.
import type { Report } from "../../api/report";
import { chartNamed } from "../../charts/catalogue";
import { ChartPanel } from "../../components/chart-panel";

export function Charts({ names, report }: { names: readonly string[]; report: Report }) {
  const drawn = names.map(chartNamed).filter((chart) => chart.missing(report) === null);
  return (
    <div className="charts">
      {drawn.map((chart) => (
        <ChartPanel key={chart.name} chart={chart} report={report} />
      ))}
    </div>
  );
}

/** All that these charts draw on. */
export const exhibitsOf = (names: readonly string[]) => [
  ...new Set(names.flatMap((name) => chartNamed(name).exhibits)),
];

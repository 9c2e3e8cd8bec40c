// Four figures to remember.
import type { Estimate, Report } from "../api/report";
import { outcomeUnit, returnUnit } from "../charts/kit/words";
import { plural } from "../lib/names";
import { difference, figure, percent, probability, range } from "../lib/numbers";

interface Figure {
  name: string;
  value: string;
  range: string;
  unit: string;
}

type Say = (x: number | null | undefined) => string;

export function KeyFigures({ report }: { report: Report }) {
  return (
    <dl className="figures">
      {figures(report).map(({ name, value, range, unit }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <span className="value">{value}</span>
            <span className="range">{range}</span>
            <span className="unit">{unit}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function figures(report: Report): Figure[] {
  const { channels, plan } = report.exhibits;
  const { about } = report;
  const of = (name: string, unit: string, estimate: Estimate | null | undefined, say: Say = figure): Figure[] =>
    estimate ? [{ name, unit, value: say(estimate.mean), range: range(estimate.lower, estimate.upper, say) }] : [];
  return [
    ...of("Brought by advertising", about.kpi, channels?.contribution),
    ...of("Share", `of ${about.kpi}`, channels?.share, (x) => percent(x, 2)),
    ...of("Return", returnUnit(report), channels?.roas),
    ...of(
      "Gain of the plan",
      plan
        ? `${outcomeUnit(plan.in_money, report)} in ${plural(plan.periods, about.period)}, better with ${probability(plan.p_better)}`
        : "",
      plan?.gain,
      difference,
    ),
  ];
}

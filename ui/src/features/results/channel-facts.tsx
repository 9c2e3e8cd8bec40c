// What one channel cost and earned.
import type { Report } from "../../api/report";
import { returnUnit } from "../../charts/kit/words";
import { figure, percent, probability, range } from "../../lib/numbers";

export function ChannelFacts({ name, report }: { name: string; report: Report }) {
  const row = report.exhibits.channels?.rows.find((one) => one.name === name);
  if (!row) return null;
  const facts = [
    ["Spent", figure(row.spend), "", row.spend_share ? `${percent(row.spend_share)} of all spend` : ""],
    ["Brought", figure(row.contribution.mean), range(row.contribution.lower, row.contribution.upper), report.about.kpi],
    ["Earned", figure(row.roas?.mean), row.roas ? range(row.roas.lower, row.roas.upper) : "", returnUnit(report)],
    [
      "Next unit",
      figure(row.mroas?.mean),
      row.mroas ? range(row.mroas.lower, row.mroas.upper) : "",
      returnUnit(report),
    ],
    ["Paid for itself", probability(row.p_pays), "", "probability"],
  ];
  return (
    <dl className="figures" style={{ marginBottom: 32 }}>
      {facts.map(([what, value, interval, unit]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>
            <span className="value">{value}</span>
            <span className="range">{interval}</span>
            <span className="unit">{unit}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

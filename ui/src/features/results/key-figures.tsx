// Four figures to remember, each with its interval.
import type { ChannelRow, Estimate, Report } from "../../api/report";
import { returnUnit } from "../../charts/kit/words";
import { figure, percent, range } from "../../lib/numbers";

type Say = (x: number | null | undefined) => string;

export function KeyFigures({ report }: { report: Report }) {
  const { about, exhibits } = report;
  const { channels } = exhibits;
  if (!channels) return null;
  const best = bestNext(channels.rows);
  return (
    <dl className="figures">
      <Figure name="Brought by advertising" unit={about.kpi} estimate={channels.contribution} />
      <Figure name="Its share" unit={`of ${about.kpi}`} estimate={channels.share} say={(x) => percent(x)} />
      <Figure name="Earned" unit={returnUnit(report)} estimate={channels.roas} />
      <Figure
        name={best ? `Best next unit: ${best.name}` : "Best next unit"}
        unit={returnUnit(report)}
        estimate={best?.mroas}
      />
    </dl>
  );
}

function bestNext(rows: ChannelRow[]): ChannelRow | undefined {
  return rows.filter(({ mroas }) => mroas).sort((a, b) => (b.mroas?.mean ?? 0) - (a.mroas?.mean ?? 0))[0];
}

interface Props {
  name: string;
  unit: string;
  estimate: Estimate | null | undefined;
  say?: Say;
}

function Figure({ name, unit, estimate, say = figure }: Props) {
  if (!estimate) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span className="value">{say(estimate.mean)}</span>
        <span className="range">{range(estimate.lower, estimate.upper, say)}</span>
        <span className="unit">{unit}</span>
      </dd>
    </div>
  );
}

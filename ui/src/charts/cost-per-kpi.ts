// What one more unit of the KPI cost by channel.
import type { ChannelRow, Channels, Report } from "../api/report";
import { list } from "../lib/names";
import { chart } from "./kit/chart";
import { forest, forestHeight, type Row } from "./kit/forest";
import type { Look } from "./kit/look";
import { colourOf } from "./kit/palette";
import { brief, estimateCells, estimateColumns, told } from "./kit/words";
import { figure, known } from "../lib/numbers";

export const costPerKpi = chart({
  name: "cost-per-kpi",
  exhibit: "channels",
  question: "What did one more cost?",
  note: "Money spent per unit that would not have come without the channel. The axis is logarithmic: each line is a multiple of the one before. Cheaper lies to the left.",
  missing: (data) => (costed(data).length ? null : "No channel has a cost per unit."),
  sentence: (data, report) => {
    const [best] = [...costed(data)].sort((a, b) => (a.cpik?.median ?? 0) - (b.cpik?.median ?? 0));
    return best
      ? `The cheapest is ${list([best.name])}: one more unit of ${report.about.kpi} cost ${told(best.cpik, report, figure, "median")} of money.`
      : "";
  },
  option: (data, report, look) =>
    forest(
      costed(data).map((row) => rowOf(row, report, look)),
      { name: `money per incremental unit of ${report.about.kpi}, logarithmic`, log: true, free: true },
      look,
    ),
  table: (data, report) => ({
    columns: [
      { key: "channel", title: "Channel", unit: "", kind: "text" },
      { key: "spend", title: "Spend", unit: "money", kind: "number" },
      ...estimateColumns("cpik", "Cost per incremental unit", `money per unit of ${report.about.kpi}`),
    ],
    rows: costed(data).map((row) => [row.name, row.spend ?? null, ...estimateCells(row.cpik)]),
  }),
  height: (data) => forestHeight(costed(data).length),
});

/** A logarithmic axis has no place for what is not above nothing. */
function costed(data: Channels): ChannelRow[] {
  return data.rows.filter((row) => known(row.cpik?.median) && row.cpik.median > 0);
}

function rowOf(row: ChannelRow, report: Report, look: Look): Row {
  const { cpik } = row;
  const above = (x: number | null | undefined) => (known(x) && x > 0 ? x : null);
  return {
    name: row.name,
    colour: colourOf(row.name, report, look),
    point: cpik?.median,
    lower: above(cpik?.lower),
    upper: above(cpik?.upper),
    hollow: row.follows_prior,
    text: brief(cpik, figure, "median"),
    ...(row.follows_prior ? { remark: "data cannot tell" } : {}),
    tip: `${row.name}\ncost ${brief(cpik, figure, "median")} per incremental unit of ${report.about.kpi}`,
  };
}

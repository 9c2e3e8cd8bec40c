// The share of the KPI that each channel brought.
import type { Channels, Estimate, Report } from "../api/report";
import { list } from "../lib/names";
import { percent } from "../lib/numbers";
import { chart } from "./kit/chart";
import { forest, forestHeight, type Row } from "./kit/forest";
import { tokens, type Look } from "./kit/look";
import { colourOf } from "./kit/palette";
import { brief, estimateCells, estimateColumns, kpiUnit, told } from "./kit/words";

const all = "All advertising";

export const share = chart({
  name: "share",
  exhibit: "channels",
  question: "How much of it did each channel bring?",
  note: "Each line is a channel's share of what the model expects in total. The last row is all advertising together; it has its own interval, which is not the sum of the others.",
  missing: (data) => (data.rows.length ? null : "The model has no channels."),
  sentence: (data, report) => {
    const [most] = [...data.rows].sort((a, b) => b.share.mean - a.share.mean);
    const together = `Advertising brought ${told(data.share, report, share2)} of ${report.about.kpi}`;
    return most
      ? `${together}; the largest part came from ${list([most.name])}: ${told(most.share, report, share2)}.`
      : `${together}.`;
  },
  option: (data, report, look) =>
    forest(rows(data, report, look), { name: `Share of ${report.about.kpi}`, say: (x) => percent(x) }, look),
  table: (data, report) => ({
    columns: [
      { key: "channel", title: "Channel", unit: "", kind: "text" },
      ...estimateColumns("share", "Share", `of ${report.about.kpi}`, "share"),
      ...estimateColumns("contribution", "Contribution", kpiUnit(report)),
      ...estimateColumns("effect_share", "Share of all advertising's effect", "", "share"),
    ],
    rows: [
      ...data.rows.map((row) => [
        row.name,
        ...estimateCells(row.share),
        ...estimateCells(row.contribution),
        ...estimateCells(row.effect_share),
      ]),
      [all, ...estimateCells(data.share), ...estimateCells(data.contribution), ...estimateCells(null)],
    ],
  }),
  height: (data) => forestHeight(data.rows.length + 1),
});

const share2 = (x: number | null | undefined) => percent(x, 2);

function rows(data: Channels, report: Report, look: Look): Row[] {
  return [
    ...data.rows.map((row) => rowOf(row.name, row.share, colourOf(row.name, report, look), row.contribution)),
    rowOf(all, data.share, tokens(look).ink, data.contribution),
  ];
}

function rowOf(name: string, estimate: Estimate, colour: string, contribution: Estimate): Row {
  return {
    name,
    colour,
    point: estimate.mean,
    lower: estimate.lower,
    upper: estimate.upper,
    text: brief(estimate, share2),
    tip: `${name}\nshare: ${brief(estimate, share2)}\nbrought: ${brief(contribution)}`,
  };
}

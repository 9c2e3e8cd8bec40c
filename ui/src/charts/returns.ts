// What each channel earned per unit of money, beside what was believed before the data.
import type { ChannelRow, Channels, Report } from "../api/report";
import { list } from "../lib/names";
import { figure, probability } from "../lib/numbers";
import { chart } from "./kit/chart";
import { forest, forestHeight, type Row } from "./kit/forest";
import { tokens, type Look } from "./kit/look";
import { colourOf } from "./kit/palette";
import { brief, estimateCells, estimateColumns, level, returnUnit, told } from "./kit/words";

export const returns = chart({
  name: "returns",
  exhibit: "channels",
  question: "What did each channel earn?",
  note: "A dot is the best single answer, the line the range that holds the truth with the stated probability. The grey bar is what was believed before the data; a hollow dot means the data hardly changed that belief.",
  missing: (data) => (paid(data).length ? null : "No channel has spend, so nothing can be said per unit of money."),
  sentence,
  option: (data, report, look) =>
    forest(
      paid(data).map((row) => rowOf(row, report, look)),
      { name: `Return, ${returnUnit(report)}` },
      look,
      {
        breakEven: report.about.returns_in_money ? { at: 1, word: "pays for itself" } : undefined,
        keys: [{ name: "believed before the data", colour: tokens(look).ghost, faint: true }],
      },
    ),
  table: (data, report) => ({
    columns: [
      { key: "channel", title: "Channel", unit: "", kind: "text" },
      { key: "spend", title: "Spend", unit: "money", kind: "number" },
      ...estimateColumns("roas", "ROAS", returnUnit(report)),
      ...estimateColumns("roas_prior", "ROAS believed before", returnUnit(report)),
      { key: "p_pays", title: "Probability that it paid for itself", unit: "", kind: "share" },
      { key: "follows_prior", title: "Follows the prior", unit: "", kind: "text" },
    ],
    rows: paid(data).map((row) => [
      row.name,
      row.spend ?? null,
      ...estimateCells(row.roas),
      ...estimateCells(row.roas_prior),
      row.p_pays ?? null,
      row.follows_prior ? "yes" : "no",
    ]),
  }),
  height: (data) => forestHeight(paid(data).length, true),
});

function paid(data: Channels): ChannelRow[] {
  return data.rows.filter((row) => row.roas);
}

function sentence(data: Channels, report: Report): string {
  const rows = [...paid(data)].sort((a, b) => (b.roas?.mean ?? 0) - (a.roas?.mean ?? 0));
  const [best] = rows;
  const unit = report.about.returns_in_money ? "" : ` ${report.about.kpi}`;
  const all = data.roas ? `Advertising brought ${told(data.roas, report)}${unit} per unit of money spent. ` : "";
  const first = best ? `${list([best.name])} earned the most: ${told(best.roas, report)}${unit}.` : "";
  const unsure = rows.filter((row) => row.follows_prior).map((row) => row.name);
  const doubt = unsure.length
    ? ` The data cannot tell for ${list(unsure)}: there the answer is mostly the belief held before.`
    : "";
  return all + first + doubt;
}

function rowOf(row: ChannelRow, report: Report, look: Look): Row {
  const { roas, roas_prior: prior } = row;
  const sure = row.p_pays === null || row.p_pays === undefined ? "" : `pays: ${probability(row.p_pays)}`;
  return {
    name: row.name,
    colour: colourOf(row.name, report, look),
    point: roas?.mean,
    lower: roas?.lower,
    upper: roas?.upper,
    ghost: prior ? { point: prior.mean, lower: prior.lower, upper: prior.upper } : null,
    hollow: row.follows_prior,
    text: brief(roas),
    remark: row.follows_prior ? "data cannot tell" : sure,
    tip: [
      row.name,
      `earned ${brief(roas)} ${returnUnit(report)}`,
      prior ? `believed before: ${brief(prior)}` : "",
      sure,
      row.spend ? `spent ${figure(row.spend)}` : "",
      `interval: ${level(report)}`,
    ]
      .filter(Boolean)
      .join("\n"),
  };
}

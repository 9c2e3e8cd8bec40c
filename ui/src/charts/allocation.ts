// Today's money beside the planned, with the bounds the plan had to keep.
import type { PlanMove, PlanOutlook, Report } from "../api/report";
import { list, plural, short } from "../lib/names";
import { change, figure } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { forestHeight, margins } from "./kit/forest";
import { acrossValues, downNames, frame } from "./kit/frame";
import { legend } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { pairs } from "./kit/pairs";
import { colourOf } from "./kit/palette";
import { brief, estimateCells, estimateColumns, outcomeUnit } from "./kit/words";

export const allocation = chart({
  name: "allocation",
  exhibit: "plan",
  question: "What should be moved?",
  note: "Grey is today's money, colour the plan's, over the same time. Brackets are the bounds the plan had to keep; where a bar ends at its bracket, the bound holds the plan back.",
  missing: (data) => (data.moves.length ? null : "The plan moves nothing."),
  sentence: (data, { about }) => {
    const more = moved(data, 1).map((move) => `${short(move.name, 40)} ${change(move.change)}`);
    const less = moved(data, -1).map((move) => `${short(move.name, 40)} ${change(move.change)}`);
    const span = `of money over ${plural(data.periods, about.period)}`;
    const isSame = Math.abs(data.budget - data.budget_today) < 0.005 * data.budget_today;
    const money = isSame
      ? `The budget stays at ${figure(data.budget)} ${span}.`
      : `The budget goes from ${figure(data.budget_today)} to ${figure(data.budget)} ${span}.`;
    return [more.length ? `More: ${list(more)}.` : "", less.length ? `Less: ${list(less)}.` : "", money]
      .filter(Boolean)
      .join(" ");
  },
  option,
  table: (data, report) => ({
    columns: [
      { key: "name", title: "Channel", unit: "", kind: "text" },
      { key: "today", title: "Today", unit: "money", kind: "number" },
      { key: "planned", title: "Planned", unit: "money", kind: "number" },
      { key: "change", title: "Change", unit: "", kind: "share" },
      { key: "least", title: "Least allowed", unit: "money", kind: "number" },
      { key: "most", title: "Most allowed", unit: "money", kind: "number" },
      { key: "binding", title: "Held back by", unit: "", kind: "text" },
      ...estimateColumns("outcome", "Outcome of the planned money", outcomeUnit(data.in_money, report)),
      ...estimateColumns("marginal", "Next unit of money brings", outcomeUnit(data.in_money, report)),
    ],
    rows: data.moves.map((move) => [
      move.name,
      move.today,
      move.planned,
      move.change ?? null,
      move.least ?? null,
      move.most ?? null,
      move.binding ? bounds[move.binding] : null,
      ...estimateCells(move.outcome),
      ...estimateCells(move.marginal),
    ]),
  }),
  caption: (data, { about }) =>
    `Money over ${plural(data.periods, about.period)}; amounts are decided, so they have no interval.`,
  height: (data) => forestHeight(data.moves.length, true),
});

/** What holds a move back, in words. */
export const bounds: Record<NonNullable<PlanMove["binding"]>, string> = {
  lower: "least allowed",
  upper: "most allowed",
  fixed: "locked",
};

/** Moves up (1) or down (−1) of more than half a per cent, largest first. */
function moved(data: PlanOutlook, way: 1 | -1): PlanMove[] {
  return data.moves
    .filter((move) => way * (move.planned - move.today) > 0.005 * move.today)
    .sort((a, b) => way * (b.planned - b.today - (a.planned - a.today)));
}

function option(data: PlanOutlook, report: Report, look: Look): Option {
  const t = tokens(look);
  const rows = data.moves.map((move) => ({
    name: move.name,
    colour: colourOf(move.channel, report, look),
    before: move.today,
    after: move.planned,
    least: move.least,
    most: move.most,
    text: `${change(move.change)}, to ${figure(move.planned)}`.replace(/^–, to /, ""),
    remark: move.binding ? bounds[move.binding] : "",
    tip: [
      move.name,
      `today ${figure(move.today)}, planned ${figure(move.planned)} (${change(move.change)})`,
      move.least !== null && move.most !== null ? `allowed: ${figure(move.least)} to ${figure(move.most)}` : "",
      `the next unit of money brings ${brief(move.marginal)} ${outcomeUnit(data.in_money, report)}`,
    ]
      .filter(Boolean)
      .join("\n"),
  }));
  const { most, left, right } = margins(look, rows);
  return {
    ...frame(look),
    ...legend(look, [
      { name: "today", colour: t.ghost, block: true },
      { name: "planned", colour: t.accent, block: true },
      { name: "[ ] allowed", colour: t.ink },
    ]),
    grid: [{ left, right, top: 46, bottom: 48 }],
    xAxis: [acrossValues(look, { name: `money over ${plural(data.periods, report.about.period)}` })],
    yAxis: [
      downNames(
        look,
        rows.map((row) => short(row.name, most)),
      ),
    ],
    series: [pairs(rows, look, right > 16)],
  };
}

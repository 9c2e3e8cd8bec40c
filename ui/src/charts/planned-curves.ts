// The curves of the channels with an arrow from today's money to the planned.
import type { Curve, PlanOutlook, Report } from "../api/report";
import { list } from "../lib/names";
import { change, figure } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { acrossValues, frame, upValues } from "./kit/frame";
import { beyond } from "./kit/ground";
import { legend } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { band, drawn, line } from "./kit/marks";
import { colourOf } from "./kit/palette";
import { chosen, panelFrame, panels, panelsHeight, subtitled } from "./kit/panels";
import { intervals, outcomeUnit } from "./kit/words";

export const plannedCurves = chart({
  name: "planned-curves",
  exhibit: "plan",
  also: ["response"],
  question: "Why does the plan move money there?",
  note: "Each curve is what a channel brings per period; the arrow runs from today's money to the planned. Money is taken where the curve is flat and put where it is steep.",
  missing: (data, report) => (ways(data, report).length ? null : "There is no curve of a channel that the plan moves."),
  sentence: (data, report) => {
    const all = ways(data, report);
    const flat = all.filter((way) => way.planned < way.curve.current).map((way) => way.curve.name);
    const steep = all.filter((way) => way.planned > way.curve.current).map((way) => way.curve.name);
    return `Along their curves ${flat.length ? `${list(flat)} give money up` : "no channel gives money up"} and ${steep.length ? `${list(steep)} get more` : "none gets more"}.`;
  },
  option,
  table: (data, report) => ({
    columns: [
      { key: "channel", title: "Channel", unit: "", kind: "text" },
      { key: "today", title: "Today", unit: `money per ${report.about.period}`, kind: "number" },
      { key: "planned", title: "Planned", unit: `money per ${report.about.period}`, kind: "number" },
      { key: "change", title: "Change", unit: "", kind: "share" },
    ],
    rows: ways(data, report).map((way) => [way.curve.name, way.today, way.planned, way.change]),
  }),
  choices: (data, report) => ({ channel: ways(data, report).map((way) => way.curve.name) }),
  caption: (_, report) => `${intervals(report)} Steady state: the same spend in every ${report.about.period}.`,
  height: (data, report, look) =>
    panelsHeight(chosen(ways(data, report), nameOfWay, look).length, look.width, subtitled),
});

interface Way {
  curve: Curve;
  /** Money per period. */
  today: number;
  planned: number;
  change: number | null;
}

function nameOfWay({ curve }: Way): string {
  return curve.name;
}

/** The plan's money by channel, all its geos together, on the curve of the channel. */
function ways(data: PlanOutlook, report: Report): Way[] {
  return (report.exhibits.response?.curves ?? []).flatMap((curve) => {
    const moves = data.moves.filter((move) => move.channel === curve.name);
    if (!moves.length) return [];
    const today = moves.reduce((sum, move) => sum + move.today, 0) / data.periods;
    const planned = moves.reduce((sum, move) => sum + move.planned, 0) / data.periods;
    return [{ curve, today, planned, change: today > 0 ? planned / today - 1 : null }];
  });
}

function option(data: PlanOutlook, report: Report, look: Look): Option {
  const t = tokens(look);
  const of = chosen(ways(data, report), nameOfWay, look);
  const all = panels(of.map(nameOfWay), look, subtitled);
  const { period } = report.about;
  const unit = outcomeUnit(report.exhibits.response?.in_money ?? false, report);
  return {
    ...frame(look),
    ...panelFrame(
      all,
      look,
      of.map((way) => `${figure(way.today)} → ${figure(way.planned)} (${change(way.change)})`),
    ),
    ...legend(look, [
      { name: `${unit} per ${period}, with interval`, colour: t.soft },
      { name: "from today to the plan", colour: t.ink },
      { name: "beyond what was seen", colour: t.ghost, faint: true },
    ]),
    xAxis: all.map(({ index: grid }) => ({
      ...acrossValues(look, {
        grid,
        name: `money per ${period}`,
        ticks: 3,
        lines: false,
        to: of[grid]?.curve.spend.at(-1) ?? 1,
      }),
      nameGap: 22,
    })),
    yAxis: all.map(({ index: grid }) => upValues(look, { grid, ticks: 3 })),
    series: of.flatMap((way, grid) => {
      const { curve } = way;
      const colour = colourOf(curve.name, report, look);
      return [
        beyond({ grid }, curve.highest, curve.spend.at(-1), look),
        band({ grid }, curve.spend, curve.outcome.lower, curve.outcome.upper, colour, 0.2),
        line(
          { grid },
          curve.spend.map((x, k) => [x, curve.outcome.mean[k]] as const),
          colour,
        ),
        arrow(way, grid, look),
      ];
    }),
  };
}

/** Drawn along the chord between two points of the curve. */
function arrow({ curve, today, planned }: Way, grid: number, look: Look) {
  const { ink } = tokens(look);
  const ends = [today, planned].map((x) => [x, along(curve, x)]);
  return drawn({ grid, z: 7 }, ends, (_, api) => {
    const [[x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = []] = ends.map((end) => api.coord(end));
    const length = Math.hypot(x2 - x1, y2 - y1);
    const dot = { type: "circle" as const, shape: { cx: x1, cy: y1, r: 4 }, style: { fill: ink } };
    if (length < 3) return { type: "group", children: [dot] };
    const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
    const wing = (side: number) => [x2 - 8 * dx + side * 4 * dy, y2 - 8 * dy - side * 4 * dx];
    return {
      type: "group",
      children: [
        dot,
        { type: "line", shape: { x1, y1, x2: x2 - 6 * dx, y2: y2 - 6 * dy }, style: { stroke: ink, lineWidth: 2 } },
        { type: "polygon", shape: { points: [[x2, y2], wing(1), wing(-1)] }, style: { fill: ink } },
      ],
    };
  });
}

/** Height of the drawn curve at `x`: on the straight line between its neighbours. */
function along({ spend, outcome }: Curve, x: number): number {
  const next = spend.findIndex((money) => money >= x);
  if (next < 0) return outcome.mean.at(-1) ?? 0;
  if (next === 0) return outcome.mean[0] ?? 0;
  const [x0 = 0, x1 = 1, y0 = 0, y1 = 0] = [spend[next - 1], spend[next], outcome.mean[next - 1], outcome.mean[next]];
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

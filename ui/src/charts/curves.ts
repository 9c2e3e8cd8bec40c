// What each channel would bring at other levels of spend.
import type { Curve, Report, Response } from "../api/report";
import { list, short } from "../lib/names";
import { figure, known, range } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { acrossValues, frame, upValues } from "./kit/frame";
import { legend } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { band, line, rule, rules } from "./kit/marks";
import { beyond, rug } from "./kit/ground";
import { colourOf } from "./kit/palette";
import { chosen, nameOf, panelFrame, panels, panelsHeight } from "./kit/panels";
import { bandColumns, intervals, level, outcomeUnit } from "./kit/words";

export const curves = chart({
  name: "curves",
  exhibit: "response",
  question: "What would more money bring?",
  note: "How much a channel brings per period if the same is spent in every period. Where the curve flattens, more money brings little. Ticks at the bottom show where the data lie; on hatched ground the model speaks without data.",
  missing: (data) => (data.curves.length ? null : "No paid channel has a curve."),
  sentence,
  option,
  table: (data, report) => ({
    columns: [
      { key: "channel", title: "Channel", unit: "", kind: "text" },
      { key: "spend", title: "Spend", unit: `money per ${report.about.period}`, kind: "number" },
      ...bandColumns("outcome", "Outcome", `${outcomeUnit(data.in_money, report)} per ${report.about.period}`),
      ...bandColumns("marginal", "Next unit of money brings", outcomeUnit(data.in_money, report)),
      { key: "seen", title: "Seen in the data", unit: "", kind: "text" },
    ],
    rows: data.curves.flatMap((curve) =>
      curve.spend.map((spend, k) => [
        curve.name,
        spend,
        ...[curve.outcome, curve.marginal].flatMap(({ mean, lower, upper }) =>
          [mean[k], lower[k], upper[k]].map((x) => x ?? null),
        ),
        known(curve.highest) && spend > curve.highest ? "no" : "yes",
      ]),
    ),
  }),
  choices: (data) => ({ channel: data.curves.map((curve) => curve.name) }),
  caption: (_, report) => `${intervals(report)} Steady state: the same spend in every ${report.about.period}.`,
  height: (data, _, look) => panelsHeight(chosen(data.curves, nameOf, look).length, look.width),
});

function sentence(data: Response, report: Report): string {
  const beyondSeen = data.curves.filter((curve) => known(curve.highest) && (curve.spend.at(-1) ?? 0) > curve.highest);
  const answers = data.curves.slice(0, 3).map((curve) => {
    const k = nearest(curve);
    const brings = `${figure(curve.outcome.mean[k])} (${level(report)}: ${range(curve.outcome.lower[k], curve.outcome.upper[k])})`;
    return `${short(curve.name, 40)} at ${figure(curve.current)} brings ${brings}`;
  });
  const unit = `${outcomeUnit(data.in_money, report)} per ${report.about.period}`;
  const doubt = beyondSeen.length
    ? ` Curves reach beyond any spend seen for ${list(beyondSeen.map((curve) => curve.name))}.`
    : "";
  return `At today's money: ${answers.join("; ")} (${unit}).${doubt}`;
}

/** The point drawn nearest to today's spend. */
export function nearest(curve: Curve): number {
  let best = 0;
  curve.spend.forEach((spend, k) => {
    if (Math.abs(spend - curve.current) < Math.abs((curve.spend[best] ?? 0) - curve.current)) best = k;
  });
  return best;
}

function option(data: Response, report: Report, look: Look): Option {
  const of = chosen(data.curves, nameOf, look);
  const all = panels(of.map(nameOf), look);
  const t = tokens(look);
  return {
    ...frame(look),
    ...panelFrame(all, look),
    ...legend(look, [
      { name: "expected, with interval", colour: t.soft },
      { name: "today", colour: t.ink, dashed: true },
      { name: "beyond what was seen", colour: t.ghost, faint: true },
    ]),
    tooltip: { ...frame(look).tooltip, trigger: "axis" },
    xAxis: all.map((panel) => ({
      ...acrossValues(look, {
        grid: panel.index,
        name: `money per ${report.about.period}`,
        ticks: 3,
        lines: false,
        to: of[panel.index]?.spend.at(-1) ?? 1,
      }),
      nameGap: 22,
    })),
    yAxis: all.map((panel) => upValues(look, { grid: panel.index, ticks: 3 })),
    series: of.flatMap((curve, grid) => curveSeries(curve, grid, data, report, look)),
  };
}

function curveSeries(curve: Curve, grid: number, data: Response, report: Report, look: Look) {
  const colour = colourOf(curve.name, report, look);
  const t = tokens(look);
  const unit = outcomeUnit(data.in_money, report);
  const at = nearest(curve);
  return [
    beyond({ grid }, curve.highest, curve.spend.at(-1), look),
    band({ grid }, curve.spend, curve.outcome.lower, curve.outcome.upper, colour, 0.22),
    {
      ...line({ grid }, [], colour, { markLine: rules([rule(curve.current, "", look, t.ink)]) }),
      data: curve.spend.map((spend, k) => ({
        value: [spend, curve.outcome.mean[k] ?? null],
        tip: tip(curve, k, unit),
      })),
    },
    {
      type: "scatter" as const,
      xAxisIndex: grid,
      yAxisIndex: grid,
      z: 6,
      symbolSize: 9,
      silent: true,
      tooltip: { show: false },
      itemStyle: { color: colour, borderColor: t.paper, borderWidth: 1.5 },
      data: [[curve.current, curve.outcome.mean[at] ?? null]],
    },
    rug({ grid }, curve.history, colour),
  ];
}

function tip(curve: Curve, k: number, unit: string): string {
  const spend = curve.spend[k] ?? 0;
  return [
    curve.name,
    `spend ${figure(spend)}${known(curve.highest) && spend > curve.highest ? " (never seen)" : ""}`,
    `brings ${figure(curve.outcome.mean[k])} (${range(curve.outcome.lower[k], curve.outcome.upper[k])}) ${unit}`,
    `next unit of money brings ${figure(curve.marginal.mean[k])} (${range(curve.marginal.lower[k], curve.marginal.upper[k])})`,
  ].join("\n");
}

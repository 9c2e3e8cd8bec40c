// What one more unit of money would bring at every level of spend, and where that stops paying.
import type { Curve, Report, Response } from "../api/report";
import { list } from "../lib/names";
import { figure, known, nothing, probability, range } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { acrossValues, frame, upValues } from "./kit/frame";
import { beyond } from "./kit/ground";
import { legend } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { band, drawn, levelRule, line, rule, rules } from "./kit/marks";
import { colourOf } from "./kit/palette";
import { chosen, nameOf, panelFrame, panels, panelsHeight, subtitled } from "./kit/panels";
import { boxOf, stroke } from "./kit/strokes";
import { bandColumns, intervals, outcomeUnit } from "./kit/words";

export const marginal = chart({
  name: "marginal",
  exhibit: "response",
  question: "Where does more money stop paying?",
  note: "What the next unit of money brings, by what is already spent. Where the line crosses 1 the next unit brings just what it costs: the thick stretch is the range of that point. Left of it more money pays.",
  missing: (data) => (data.curves.length ? null : "No paid channel has a curve."),
  sentence,
  option,
  table: (data, report) => ({
    columns: [
      { key: "channel", title: "Channel", unit: "", kind: "text" },
      { key: "spend", title: "Spend", unit: `money per ${report.about.period}`, kind: "number" },
      ...bandColumns("marginal", "Next unit of money brings", outcomeUnit(data.in_money, report)),
      { key: "break_even", title: "Break-even, median", unit: `money per ${report.about.period}`, kind: "number" },
      { key: "break_even_lower", title: "Break-even, lower", unit: `money per ${report.about.period}`, kind: "number" },
      { key: "break_even_upper", title: "Break-even, upper", unit: `money per ${report.about.period}`, kind: "number" },
    ],
    rows: data.curves.flatMap(({ name, spend, marginal: { mean, lower, upper }, break_even: at }) =>
      spend.map((money, k) => [
        name,
        money,
        ...[mean[k], lower[k], upper[k], at?.median, at?.lower, at?.upper].map((x) => x ?? null),
      ]),
    ),
  }),
  choices: (data) => ({ channel: data.curves.map((curve) => curve.name) }),
  caption: (_, report) => `${intervals(report)} A missing end of a break-even lies beyond what is drawn.`,
  height: (data, _, look) => panelsHeight(chosen(data.curves, nameOf, look).length, look.width, subtitled),
});

function sentence(data: Response, report: Report): string {
  if (!data.in_money)
    return `What the next unit of money brings, in ${report.about.kpi}; without money there is no break-even.`;
  const below = data.curves.filter(({ break_even: at }) => at && at.p_above_current >= 0.8).map(({ name }) => name);
  const above = data.curves.filter(({ break_even: at }) => at && at.p_above_current <= 0.2).map(({ name }) => name);
  return [
    below.length ? `More money would still pay on ${list(below)} (probability of 80${"\u00a0"}% or more).` : "",
    above.length ? `Already past break-even: ${list(above)} (probability of 80${"\u00a0"}% or more).` : "",
    below.length || above.length
      ? ""
      : "For no channel the data tell with 80\u00a0% whether today's spend is below or above break-even.",
  ]
    .filter(Boolean)
    .join(" ");
}

function option(data: Response, report: Report, look: Look): Option {
  const of = chosen(data.curves, nameOf, look);
  const all = panels(of.map(nameOf), look, subtitled);
  const t = tokens(look);
  return {
    ...frame(look),
    ...panelFrame(
      all,
      look,
      of.map((curve) => told(curve)),
    ),
    ...legend(look, [
      { name: "next unit brings, with interval", colour: t.soft },
      { name: "today", colour: t.ink, dashed: true },
      { name: "beyond what was seen", colour: t.ghost, faint: true },
    ]),
    tooltip: { ...frame(look).tooltip, trigger: "axis" },
    xAxis: all.map(({ index: grid }) => ({
      ...acrossValues(look, {
        grid,
        name: `money per ${report.about.period}`,
        ticks: 3,
        lines: false,
        to: of[grid]?.spend.at(-1) ?? 1,
      }),
      nameGap: 22,
    })),
    yAxis: all.map(({ index: grid }) => upValues(look, { grid, ticks: 3, min: 0 })),
    series: of.flatMap((curve, grid) => {
      const colour = colourOf(curve.name, report, look);
      const marks = [rule(curve.current, "", look, t.ink), ...(data.in_money ? [levelRule(1, "", look)] : [])];
      return [
        beyond({ grid }, curve.highest, curve.spend.at(-1), look),
        band({ grid }, curve.spend, curve.marginal.lower, curve.marginal.upper, colour, 0.22),
        {
          ...line({ grid }, [], colour, { markLine: rules(marks) }),
          data: curve.spend.map((money, k) => ({ value: [money, curve.marginal.mean[k] ?? null], tip: tip(curve, k) })),
        },
        ...(data.in_money ? [crossing(curve, grid, colour)] : []),
      ];
    }),
  };
}

/** The range of the break-even on the level of 1; an end that is missing runs out of the picture. */
function crossing(curve: Curve, grid: number, colour: string) {
  const at = curve.break_even;
  return drawn({ grid, z: 6 }, at ? [[curve.current, 1]] : [], (params, api) => {
    const box = boxOf(params);
    const x = (money: number | null | undefined, missing: number) =>
      known(money) ? (api.coord([money, 1])[0] ?? missing) : missing;
    const y = api.coord([0, 1])[1] ?? 0;
    const beyondAll = !known(at?.lower) && !known(at?.median) && !known(at?.upper);
    if (beyondAll) return null;
    const [left, right] = [x(at?.lower, box.x + box.width), x(at?.upper, box.x + box.width)];
    const middle = known(at?.median) ? x(at.median, left) : null;
    return {
      type: "group",
      children: [
        stroke(left, y, right, y, colour, 6, 0.55),
        ...(middle === null ? [] : [stroke(middle, y - 7, middle, y + 7, colour, 2.5)]),
      ],
    };
  });
}

function told(curve: Curve): string {
  const at = curve.break_even;
  if (!at) return "";
  if (at.upper === 0) return "pays at no spend";
  const ends = `${known(at.lower) ? figure(at.lower) : nothing} to ${known(at.upper) ? figure(at.upper) : "beyond"}`;
  return `break-even ${known(at.median) ? figure(at.median) : "beyond"} (${ends})`;
}

function tip(curve: Curve, k: number): string {
  const { mean, lower, upper } = curve.marginal;
  const at = curve.break_even;
  return [
    curve.name,
    `at ${figure(curve.spend[k])} the next unit brings ${figure(mean[k])} (${range(lower[k], upper[k])})`,
    told(curve),
    at ? `today is below break-even: ${probability(at.p_above_current)}` : "",
  ]
    .filter(Boolean)
    .join("\n");
}

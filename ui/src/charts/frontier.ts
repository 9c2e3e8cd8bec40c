// The best outcome for every budget, and which channels it is spent on.
import type { Frontier, Report } from "../api/report";
import { plural } from "../lib/names";
import { figure, known, range } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { acrossValues, frame, upValues } from "./kit/frame";
import { legend, type Key } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { band, line, rule, rules } from "./kit/marks";
import { colourOf } from "./kit/palette";
import { panelFrame, panels, usual, type Room } from "./kit/panels";
import { bandColumns, level, outcomeUnit, told } from "./kit/words";

const room: Room = { ...usual, least: 340, most: 2, tall: 290, left: 58, top: 44, head: 50 };

export const frontier = chart({
  name: "frontier",
  exhibit: "frontier",
  question: "What would other budgets bring?",
  note: "Left: the most that each budget can bring if it is spent in the best way within its bounds. Right: how that budget is shared out. The curve flattens because the best opportunities are taken first.",
  missing: (data) => (data.budget.length ? null : "No other budget was looked at."),
  sentence: (data, report) => {
    const unit = outcomeUnit(data.in_money, report);
    const span = plural(data.periods, report.about.period);
    const today = `Today's budget of ${figure(data.today)} over ${span} brings ${told(data.outcome_today, report)} of ${unit}`;
    const even = known(data.break_even)
      ? `; beyond a budget of ${figure(data.break_even)} the last unit of money brings less than one`
      : data.in_money && (data.marginal.mean.at(-1) ?? 0) >= 1
        ? "; even at the largest budget drawn the last unit of money repays itself"
        : "";
    return `${today}${even}.`;
  },
  option,
  table: (data, report) => ({
    columns: [
      { key: "budget", title: "Budget", unit: "money", kind: "number" },
      ...bandColumns("outcome", "Outcome of the best plan", outcomeUnit(data.in_money, report)),
      ...bandColumns("marginal", "Last unit of money brings", outcomeUnit(data.in_money, report)),
      ...data.channels.map((name, k) => ({
        key: `spend_${k + 1}`,
        title: `Spend on ${name}`,
        unit: "money",
        kind: "number" as const,
      })),
    ],
    rows: data.budget.map((budget, k) => [
      budget,
      ...[data.outcome, data.marginal].flatMap(({ mean, lower, upper }) =>
        [mean[k], lower[k], upper[k]].map((x) => x ?? null),
      ),
      ...(data.spend[k] ?? []),
    ]),
  }),
  height: (_, __, look) => room.top + (look.width >= 2 * room.least ? 1 : 2) * room.tall + 8,
});

function option(data: Frontier, report: Report, look: Look): Option {
  const t = tokens(look);
  const all = panels(["Outcome", "Spend"], look, room);
  const unit = outcomeUnit(data.in_money, report);
  const keys: Key[] = data.channels.map((name) => ({ name, colour: colourOf(name, report, look), block: true }));
  const marks = [rule(data.today, "", look, t.ink)];
  keys.push({ name: "today", colour: t.ink, dashed: true });
  if (known(data.break_even)) {
    marks.push(rule(data.break_even, "", look, t.warn));
    keys.push({ name: "break-even", colour: t.warn, dashed: true });
  }
  return {
    ...frame(look),
    ...panelFrame(all, look, [`${unit}, best plan of each budget`, "money by channel"]),
    ...legend(look, keys),
    tooltip: { ...frame(look).tooltip, trigger: "axis" },
    xAxis: all.map(({ index: grid }) => ({
      ...acrossValues(look, {
        grid,
        name: "budget, money",
        ticks: 4,
        lines: false,
        from: data.budget[0],
        to: data.budget.at(-1),
      }),
      nameGap: 24,
    })),
    yAxis: all.map(({ index: grid }) => upValues(look, { grid, ticks: 4 })),
    series: [
      band({ grid: 0 }, data.budget, data.outcome.lower, data.outcome.upper, t.accent, 0.22),
      {
        ...line({ grid: 0 }, [], t.accent, { markLine: rules(marks) }),
        data: data.budget.map((budget, k) => ({
          value: [budget, data.outcome.mean[k] ?? null],
          tip: tip(data, k, unit, report),
        })),
      },
      {
        type: "scatter",
        silent: true,
        z: 6,
        symbolSize: 10,
        itemStyle: { color: t.ink, borderColor: t.paper, borderWidth: 1.5 },
        data: [[data.today, data.outcome_today.mean]],
      },
      ...data.channels.map((name, i) => {
        const colour = colourOf(name, report, look);
        return {
          ...line({ grid: 1 }, [], colour, {
            stack: "spend",
            lineStyle: { width: 0 },
            areaStyle: { color: colour, opacity: 0.85 },
          }),
          data: data.budget.map((budget, k) => ({
            value: [budget, data.spend[k]?.[i] ?? null],
            ...(i === 0 ? { tip: shares(data, k) } : {}),
          })),
        };
      }),
    ],
  };
}

function tip(data: Frontier, k: number, unit: string, report: Report): string {
  const { outcome, marginal } = data;
  return [
    `budget ${figure(data.budget[k])}`,
    `brings ${figure(outcome.mean[k])} (${range(outcome.lower[k], outcome.upper[k])}) ${unit}`,
    `the last unit of money brings ${figure(marginal.mean[k])} (${range(marginal.lower[k], marginal.upper[k])})`,
    `intervals: ${level(report)}`,
  ].join("\n");
}

function shares(data: Frontier, k: number): string {
  const lines = data.channels.map((name, i) => `${name}: ${figure(data.spend[k]?.[i])}`);
  return [`budget ${figure(data.budget[k])}`, ...lines.slice(0, 14)].join("\n");
}

// Four looks at what the model leaves over: its spread, its tails, its memory, its size.
import type { LeftOver, Report } from "../api/report";
import { figure } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { columns } from "./kit/columns";
import { acrossValues, frame, upValues } from "./kit/frame";
import { tokens, type Look } from "./kit/look";
import { levelRule, line, rules } from "./kit/marks";
import { panelFrame, panels, panelsHeight, subtitled, type Room } from "./kit/panels";
import { kpiUnit } from "./kit/words";

const room: Room = { ...subtitled, least: 300, tall: 256, left: 56, top: 0, bottom: 44, most: 2 };
const names = ["Spread", "Tails", "Memory", "Size"];

export const residualChecks = chart({
  name: "residual-checks",
  exhibit: "left_over",
  question: "Is what is left over only noise?",
  note: "Spread: bars should follow the bell. Tails: dots should follow the line. Memory: bars should stay between the dashed lines. Size: dots should be as wide on the right as on the left.",
  missing: (data) => (data.residual.length ? null : "There are no training periods in which everything was observed."),
  sentence: (data) => {
    const beyond = data.autocorrelation.filter((r) => Math.abs(r) > data.autocorrelation_bound).length;
    return [
      `Durbin–Watson is ${figure(data.durbin_watson)} (2 without memory)`,
      `${beyond} of ${data.autocorrelation.length} lags lie beyond the bounds`,
      `Ljung–Box p ${p(data.ljung_box_p)}`,
      `Shapiro–Wilk p ${p(data.shapiro_wilk_p)}.`,
    ].join("; ");
  },
  option,
  table: (data) => ({
    columns: [
      { key: "panel", title: "Panel", unit: "", kind: "text" },
      { key: "x", title: "Across", unit: "", kind: "number" },
      { key: "y", title: "Up", unit: "", kind: "number" },
    ],
    rows: [
      ...data.bars.map((bar) => ["spread, bar from", bar.from, bar.count]),
      ...data.quantiles.x.map((x, k) => ["tails, normal against observed", x, data.quantiles.y[k] ?? null]),
      ...data.autocorrelation.map((r, k) => ["memory, lag", k + 1, r]),
      ...data.fitted.map((x, k) => ["size, expected against left over", x, data.residual[k] ?? null]),
    ],
  }),
  caption: (data) =>
    `Bounds of the autocorrelation: ±${figure(data.autocorrelation_bound)}, which honest noise passes at one lag in twenty.`,
  height: (_, __, look) => panelsHeight(names.length, look.width, room),
});

function p(value: number | null | undefined): string {
  return value !== null && value !== undefined && value < 0.001 ? "below 0.001" : figure(value, 2);
}

function option(data: LeftOver, report: Report, look: Look): Option {
  const t = tokens(look);
  const all = panels(names, look, room);
  const under = [
    "against a normal of the same spread",
    "against normal quantiles",
    "autocorrelation by lag",
    "against what was expected",
  ];
  const across = [kpiUnit(report), "normal quantile", `lag, ${report.about.period}s`, `expected, ${kpiUnit(report)}`];
  const lags = data.autocorrelation.map((r, k) => ({
    from: k + 0.7,
    to: k + 1.3,
    height: r,
    tip: `lag ${k + 1}: ${figure(r)}`,
  }));
  const span = [data.quantiles.x[0] ?? -3, data.quantiles.x.at(-1) ?? 3] as const;
  return {
    ...frame(look),
    ...panelFrame(all, look, under),
    xAxis: all.map(({ index: grid }) => ({
      ...acrossValues(look, { grid, name: across[grid] ?? "", ticks: 4, free: grid !== 2, lines: false }),
      nameGap: 24,
    })),
    yAxis: all.map(({ index: grid }) => upValues(look, { grid, ticks: 4, ...(grid === 2 ? { min: -1, max: 1 } : {}) })),
    series: [
      columns(
        { grid: 0 },
        data.bars.map(({ from, to, count }) => ({ from, to, height: count, tip: `${count} periods` })),
        t.accent,
        look,
        0.5,
      ),
      line(
        { grid: 0 },
        data.normal.x.map((x, k) => [x, data.normal.y[k]] as const),
        t.ink,
      ),
      line(
        { grid: 1, z: 2 },
        span.map((x) => [x, x] as const),
        t.ghost,
        { lineStyle: { color: t.ghost, type: "dashed", width: 1.4 } },
      ),
      dots(1, data.quantiles.x, data.quantiles.y, t.accent),
      columns({ grid: 2 }, lags, t.accent, look),
      {
        ...line({ grid: 2 }, [], t.soft),
        markLine: rules([
          levelRule(data.autocorrelation_bound, "", look),
          levelRule(-data.autocorrelation_bound, "", look),
        ]),
      },
      dots(3, data.fitted, data.residual, t.accent),
      { ...line({ grid: 3 }, [], t.soft), markLine: rules([levelRule(0, "", look)]) },
    ],
  };
}

function dots(grid: number, x: readonly number[], y: readonly number[], colour: string) {
  return {
    type: "scatter" as const,
    xAxisIndex: grid,
    yAxisIndex: grid,
    symbolSize: x.length > 400 ? 3 : 5,
    itemStyle: { color: colour, opacity: 0.6 },
    data: x.map((at, k) => ({ value: [at, y[k] ?? NaN], tip: `${figure(at)} · ${figure(y[k])}` })),
  };
}

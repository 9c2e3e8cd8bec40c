// How far series of the data say the same.
import type { Inputs, Report } from "../api/report";
import { list, short } from "../lib/names";
import { figure, known, nothing } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { downNames, frame } from "./kit/frame";
import { heat, type HeatCell } from "./kit/heat";
import { tokens, type Look } from "./kit/look";
import { words } from "./kit/strokes";

const cell = 28;

export const correlation = chart({
  name: "correlation",
  exhibit: "inputs",
  question: "Which series say the same?",
  note: "Deep cells are pairs that rise and fall together (or against each other), so the data can hardly tell them apart. VIF is how much wider that makes the answer of a series: above 10 is a warning.",
  missing: ({ correlation: { names } }) => (names.length > 1 ? null : "Fewer than two series vary."),
  sentence: ({ correlation: { names, r, variance_inflation: vif } }, { about }) => {
    const [closest] = pairsOf(names, r).sort((a, b) => Math.abs(b.r) - Math.abs(a.r));
    const told = names.filter((name, k) => name !== about.kpi && isTold(vif[k]));
    const pair = closest
      ? `${list([closest.one, closest.other])} hang together the most (r = ${figure(closest.r, 2)}).`
      : "";
    return told.length
      ? `${pair} Mostly told by the others (variance inflation of 10 or more): ${list(told)}.`
      : `${pair} No variance inflation reaches 10.`;
  },
  option,
  table: ({ correlation: { names, r, variance_inflation: vif } }) => ({
    columns: [
      { key: "series", title: "Series", unit: "", kind: "text" },
      ...names.map((name, k) => ({ key: `r_${k + 1}`, title: `r with ${name}`, unit: "", kind: "number" as const })),
      { key: "vif", title: "Variance inflation", unit: "", kind: "number" },
    ],
    rows: names.map((name, k) => [name, ...(r[k] ?? []), vif[k] ?? null]),
  }),
  caption: () =>
    "Pearson correlations of the training data, similar series side by side; single numbers, no intervals.",
  height: ({ correlation: { names } }) => names.length * cell + 116,
});

function pairsOf(names: readonly string[], r: readonly (readonly number[])[]) {
  return names.flatMap((one, i) => names.slice(0, i).map((other, j) => ({ one, other, r: r[i]?.[j] ?? 0 })));
}

function option({ correlation: { names, r, variance_inflation: vif } }: Inputs, { about }: Report, look: Look): Option {
  const t = tokens(look);
  const labels = names.map((name) => short(name, look.width < 520 ? 10 : 18));
  const left = 20 + Math.max(4, ...labels.map((label) => Array.from(label).length)) * 7.2;
  const width = Math.min(56, (look.width - left - 70) / names.length);
  const cells: HeatCell[] = names.flatMap((one, i) =>
    names.map((other, j) => {
      const x = r[i]?.[j] ?? 0;
      return {
        across: j,
        down: i,
        colour: i === j ? t.wash : x > 0 ? t.accent : t.bad,
        opacity: i === j ? 1 : 0.06 + 0.9 * Math.abs(x),
        text: i !== j && width >= 34 ? figure(Number(x.toFixed(2)), 2) : "",
        tip:
          i === j
            ? `${one}\nvariance inflation: ${inflation(vif[i], one === about.kpi)}`
            : `${one}\n${other}\nr = ${figure(x, 2)}`,
      };
    }),
  );
  const bottom = 84;
  return {
    ...frame(look),
    grid: [{ left, width: width * names.length, top: 30, height: names.length * cell }],
    xAxis: [
      {
        type: "category",
        data: labels,
        axisLabel: { color: t.soft, fontSize: 11, interval: 0, rotate: 40, width: bottom, overflow: "truncate" },
        axisLine: { show: false },
        axisTick: { show: false },
      },
    ],
    yAxis: [downNames(look, labels)],
    graphic: [
      { ...words("VIF", left + width * names.length + 8, 18, t.soft, 10.5), silent: true },
      ...names.map((name, k) => ({
        ...words(
          inflation(vif[k], name === about.kpi),
          left + width * names.length + 12,
          30 + (k + 0.5) * cell,
          name !== about.kpi && isTold(vif[k]) ? t.bad : t.ink,
          11.5,
        ),
        silent: true,
      })),
    ],
    series: [heat(cells, width, cell, look)],
  };
}

/** The KPI is no input: it is told by the others on purpose. */
function inflation(x: number | null | undefined, isKpi: boolean): string {
  if (isKpi) return nothing;
  return known(x) ? figure(x) : "without end";
}

/** Whether the others say mostly the same; nothing where they say it exactly. */
function isTold(x: number | null | undefined): boolean {
  return !known(x) || x >= 10;
}

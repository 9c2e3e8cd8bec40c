// Whether the chains agree and drew enough.
import type { Report, Sampling } from "../api/report";
import { count, figure, telling } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { columns } from "./kit/columns";
import { acrossValues, frame, upValues } from "./kit/frame";
import { tokens, type Look } from "./kit/look";
import { rule, rules } from "./kit/marks";
import { panelFrame, panels, panelsHeight, subtitled, type Room } from "./kit/panels";
import { parameterColumns, parameterCells } from "./kit/parameters";

const room: Room = { ...subtitled, least: 300, tall: 270, left: 56, top: 0, head: 64, most: 2 };
const names = ["R-hat", "Effective sample size"];

export const convergence = chart({
  name: "convergence",
  exhibit: "sampling",
  question: "Did the chains agree?",
  note: "R-hat compares chains with each other: 1 means that they agree. The effective sample size says how many independent draws they are worth. Bars must lie on the good side of the dashed line.",
  missing: (data) => (data.r_hat.length || data.ess.length ? null : "This engine has no chains to compare."),
  sentence: (data) => {
    const [worst] = data.worst;
    const verdict = holds(data) ? "The chains agree and drew enough" : "The chains do not agree, or drew too little";
    const detail = worst
      ? `: the worst parameter, ${worst.name}, has an R-hat of ${figure(worst.r_hat, telling(worst.r_hat, [data.r_hat_gate], 5))} and ${count(worst.ess_bulk)} effective draws`
      : "";
    const divergences = typeof data.divergences === "number" ? `; ${count(data.divergences)} divergences` : "";
    return `${verdict}${detail}${divergences}.`;
  },
  option,
  table: (data) => ({ columns: parameterColumns, rows: data.worst.map(parameterCells) }),
  caption: (data, { about }) =>
    `${about.parameters} parameters, ${about.chains} chains of ${count(about.draws)} draws. R-hat must stay below ${figure(data.r_hat_gate)}, effective sample sizes must reach ${count(data.ess_gate)}. The table has the worst ten.`,
  height: (_, __, look) => panelsHeight(names.length, look.width, room),
});

/** Whether every parameter keeps to the gates; one whose figures are missing does not. */
function holds(data: Sampling): boolean {
  return data.table.every(
    (row) =>
      (row.r_hat ?? Infinity) < data.r_hat_gate && Math.min(row.ess_bulk ?? 0, row.ess_tail ?? 0) >= data.ess_gate,
  );
}

function option(data: Sampling, _: Report, look: Look): Option {
  const t = tokens(look);
  const all = panels(names, look, room);
  const bars = [data.r_hat, data.ess];
  const gates = [data.r_hat_gate, data.ess_gate];
  const gateWords = ["must be left of", "must be right of"];
  return {
    ...frame(look),
    ...panelFrame(all, look, ["number of parameters", "number of parameters"]),
    xAxis: all.map(({ index: grid }) => ({
      ...acrossValues(look, {
        grid,
        name: names[grid] ?? "",
        ticks: 4,
        free: true,
        lines: false,
        say: (x) => figure(x, 4),
      }),
      min: ({ min }: { min: number }) => Math.min(min, (gates[grid] ?? min) * (grid ? 0.9 : 0.999)),
      max: ({ max }: { max: number }) => Math.max(max, (gates[grid] ?? max) * (grid ? 1.1 : 1.001)),
      nameGap: 24,
    })),
    yAxis: all.map(({ index: grid }) => upValues(look, { grid, ticks: 3, min: 0 })),
    series: all.flatMap(({ index: grid }) => [
      columns(
        { grid },
        (bars[grid] ?? []).map(({ from, to, count: n }) => ({
          from,
          to,
          height: n,
          tip: `${figure(from, 4)}–${figure(to, 4)}\n${n} parameters`,
        })),
        t.accent,
        look,
        0.6,
      ),
      {
        type: "line" as const,
        xAxisIndex: grid,
        yAxisIndex: grid,
        data: [],
        markLine: rules([rule(gates[grid] ?? 0, gateWords[grid] ?? "", look, t.bad)]),
      },
    ]),
  };
}

// The draws of the parameters that converged worst, in their order.
import type { Report, Sampling, Trace } from "../api/report";
import { list } from "../lib/names";
import { chart, type Option } from "./kit/chart";
import { chainColour, chainKeys } from "./kit/chains";
import { acrossValues, frame, upValues } from "./kit/frame";
import { legend } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { line, rule, rules } from "./kit/marks";
import { chosen, nameOf, panelFrame, panels, panelsHeight, usual, type Room } from "./kit/panels";

const room: Room = { ...usual, least: 320, most: 2, tall: 180, bottom: 36 };

export const traces = chart({
  name: "traces",
  exhibit: "sampling",
  question: "How did the chains move?",
  note: "Each line is one chain. They should look like hairy caterpillars lying on each other: no drift, no chain apart, no long stay in one place. Upright rules mark divergences.",
  missing: (data) => (data.traces.length ? null : "This engine has no chains to follow."),
  sentence: (data) => {
    const divergent = typeof data.divergences === "number" ? ` ${data.divergences} divergences in all.` : "";
    return `Draws of the parameters that converged worst: ${list(data.traces.map((trace) => trace.name))}.${divergent}`;
  },
  option,
  table: (data) => ({
    columns: [
      { key: "parameter", title: "Parameter", unit: "", kind: "text" },
      { key: "chain", title: "Chain", unit: "", kind: "number" },
      { key: "draw", title: "Draw", unit: "", kind: "number" },
      { key: "value", title: "Value", unit: "", kind: "number" },
    ],
    rows: data.traces.flatMap(({ name, step, draws }) =>
      draws.flatMap((values, chain) => values.map((value, k) => [name, chain + 1, k * step, value])),
    ),
  }),
  choices: (data) => ({ channel: data.traces.map((trace) => trace.name) }),
  caption: (data, { about }) =>
    `${about.chains} chains of ${about.draws} draws; every ${data.traces[0]?.step ?? 1}${"\u00a0"}draws one is shown.`,
  height: (data, _, look) => panelsHeight(chosen(data.traces, nameOf, look).length, look.width, room),
});

function option(data: Sampling, _: Report, look: Look): Option {
  const of = chosen(data.traces, nameOf, look);
  const all = panels(of.map(nameOf), look, room);
  return {
    ...frame(look),
    ...panelFrame(all, look),
    ...legend(look, chainKeys(of[0]?.draws.length ?? 0, look)),
    xAxis: all.map(({ index: grid }) => ({
      ...acrossValues(look, {
        grid,
        name: "draw",
        ticks: 4,
        lines: false,
        to: (of[grid]?.step ?? 1) * Math.max(1, (of[grid]?.draws[0]?.length ?? 1) - 1),
      }),
      nameGap: 20,
    })),
    yAxis: all.map(({ index: grid }) => upValues(look, { grid, ticks: 3, free: true })),
    series: of.flatMap((trace, grid) =>
      trace.draws.map((values, chain) => chainLine(trace, values, chain, grid, look)),
    ),
  };
}

function chainLine(trace: Trace, values: readonly number[], chain: number, grid: number, look: Look) {
  const colour = chainColour(chain, look);
  const divergent = (trace.divergent[chain] ?? []).map((k) => rule(k * trace.step, "", look, tokens(look).bad));
  return line(
    { grid },
    values.map((value, k) => [k * trace.step, value] as const),
    colour,
    {
      lineStyle: { color: colour, width: 0.9, opacity: 0.8 },
      ...(divergent.length ? { markLine: rules(divergent) } : {}),
    },
  );
}

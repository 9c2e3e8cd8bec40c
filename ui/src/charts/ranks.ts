// The ranks of each chain's draws among all draws.
import type { Report, Sampling } from "../api/report";
import { list } from "../lib/names";
import { chart, type Option } from "./kit/chart";
import { chainColour, chainKeys } from "./kit/chains";
import { acrossValues, frame, upValues } from "./kit/frame";
import { legend } from "./kit/legend";
import type { Look } from "./kit/look";
import { line } from "./kit/marks";
import { chosen, nameOf, panelFrame, panels, panelsHeight, usual, type Room } from "./kit/panels";

const room: Room = { ...usual, tall: 170, bottom: 34 };

export const ranks = chart({
  name: "ranks",
  exhibit: "sampling",
  question: "Do the chains see the same?",
  note: "All draws of a parameter are ranked together; each line counts one chain's ranks in twenty steps. Level lines that cross each other mean agreement; a slope or a hill means that a chain was elsewhere.",
  missing: (data) => (data.traces.length ? null : "This engine has no chains to compare."),
  sentence: (data) =>
    `Ranks by chain of the parameters that converged worst: ${list(data.traces.map((trace) => trace.name))}.`,
  option,
  table: (data) => ({
    columns: [
      { key: "parameter", title: "Parameter", unit: "", kind: "text" },
      { key: "chain", title: "Chain", unit: "", kind: "number" },
      { key: "step", title: "Step", unit: "of twenty", kind: "number" },
      { key: "draws", title: "Draws", unit: "", kind: "number" },
    ],
    rows: data.traces.flatMap(({ name, ranks: all }) =>
      all.flatMap((counts, chain) => counts.map((n, k) => [name, chain + 1, k + 1, n])),
    ),
  }),
  choices: (data) => ({ channel: data.traces.map((trace) => trace.name) }),
  caption: (_, { about }) => `${about.chains} chains of ${about.draws} draws.`,
  height: (data, _, look) => panelsHeight(chosen(data.traces, nameOf, look).length, look.width, room),
});

function option(data: Sampling, _: Report, look: Look): Option {
  const of = chosen(data.traces, nameOf, look);
  const all = panels(of.map(nameOf), look, room);
  return {
    ...frame(look),
    ...panelFrame(all, look),
    ...legend(look, chainKeys(of[0]?.ranks.length ?? 0, look)),
    xAxis: all.map(({ index: grid }) => ({
      ...acrossValues(look, { grid, lines: false, min: 0, max: of[grid]?.ranks[0]?.length ?? 20 }),
      axisLabel: { show: false },
      name: "rank, lowest to highest",
      nameGap: 10,
    })),
    yAxis: all.map(({ index: grid }) => upValues(look, { grid, ticks: 2, min: 0 })),
    series: of.flatMap((trace, grid) =>
      trace.ranks.map((counts, chain) => {
        const ends = counts.map((n, k) => [k, n] as const);
        return line({ grid }, [...ends, [counts.length, counts.at(-1)] as const], chainColour(chain, look), {
          step: "end",
        });
      }),
    ),
  };
}

// What was believed before the data, and after them.
import type { Belief, Beliefs, Report } from "../api/report";
import { list } from "../lib/names";
import { percent } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { acrossValues, frame, upValues } from "./kit/frame";
import { legend } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { band } from "./kit/marks";
import { colourOf } from "./kit/palette";
import { chosen, nameOf, panelFrame, panels, panelsHeight, subtitled, type Room } from "./kit/panels";
import { estimateCells, estimateColumns } from "./kit/words";

const room: Room = { ...subtitled, least: 200, tall: 160, left: 44, bottom: 30, most: 4 };

export const beliefs = chart({
  name: "beliefs",
  exhibit: "beliefs",
  question: "What did the data add?",
  note: "Grey is what was believed before the data, colour what is believed after. Where both are alike the data said nothing, and the answer is the belief that went in. Contraction is how much of the width is gone.",
  missing: (data) => (data.parameters.length ? null : "There is no parameter with a prior."),
  sentence: ({ parameters, left_out: more }) => {
    const still = parameters.filter((belief) => belief.follows_prior).map((belief) => belief.name);
    const moved = `${parameters.length - still.length} of ${parameters.length} parameters were moved by the data`;
    const doubt = still.length ? `; the data barely moved ${list(still)}` : "";
    return `${moved}${doubt}.${more ? ` ${more} more are not drawn.` : ""}`;
  },
  option,
  table: (data) => ({
    columns: [
      { key: "parameter", title: "Parameter", unit: "", kind: "text" },
      { key: "channel", title: "Channel", unit: "", kind: "text" },
      ...estimateColumns("before", "Before", ""),
      ...estimateColumns("after", "After", ""),
      { key: "contraction", title: "Contraction", unit: "", kind: "share" },
      { key: "follows_prior", title: "Follows the prior", unit: "", kind: "text" },
    ],
    rows: data.parameters.map((belief) => [
      belief.name,
      belief.channel ?? null,
      ...estimateCells(belief.before),
      ...estimateCells(belief.after),
      belief.contraction,
      belief.follows_prior ? "yes" : "no",
    ]),
  }),
  choices: (data) => ({ channel: [...new Set(data.parameters.flatMap((belief) => belief.channel ?? []))] }),
  height: (data, _, look) => panelsHeight(chosen(data.parameters, channelOf, look).length, look.width, room),
});

function channelOf({ channel }: Belief): Belief["channel"] {
  return channel;
}

function option(data: Beliefs, report: Report, look: Look): Option {
  const t = tokens(look);
  const of = chosen(data.parameters, channelOf, look);
  const all = panels(of.map(nameOf), look, room);
  return {
    ...frame(look),
    ...panelFrame(all, look, of.map(remark)),
    ...legend(look, [
      { name: "before the data", colour: t.ghost, faint: true },
      { name: "after the data", colour: t.soft, block: true },
    ]),
    xAxis: all.map(({ index: grid }) => ({
      ...acrossValues(look, { grid, ticks: 3, lines: false, from: of[grid]?.prior.x[0], to: of[grid]?.prior.x.at(-1) }),
    })),
    yAxis: all.map(({ index: grid }) => upValues(look, { grid, hidden: true, min: 0 })),
    series: of.flatMap((belief, grid) => {
      const colour = belief.channel ? colourOf(belief.channel, report, look) : t.accent;
      const { prior, posterior } = belief;
      return [
        band(
          { grid },
          prior.x,
          prior.y.map(() => 0),
          prior.y,
          t.ghost,
          0.4,
        ),
        band(
          { grid, z: 2 },
          posterior.x,
          posterior.y.map(() => 0),
          posterior.y,
          colour,
          0.6,
        ),
      ];
    }),
  };
}

function remark(belief: Belief): string {
  if (belief.follows_prior) return "the data barely moved this";
  return belief.contraction < 0 ? "wider than believed" : `contraction ${percent(belief.contraction, 2)}`;
}

// How far each channel is saturated, and where the data lie.
import type { Report, Saturation, SaturationOf } from "../api/report";
import { list } from "../lib/names";
import { figure, percent, range } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { columns } from "./kit/columns";
import { acrossValues, frame, upValues } from "./kit/frame";
import { legend } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { band, line, rule, rules } from "./kit/marks";
import { colourOf } from "./kit/palette";
import { chosen, nameOf, panelFrame, panels, panelsHeight, subtitled } from "./kit/panels";
import { bandColumns, brief, estimateCells, estimateColumns, told } from "./kit/words";

export const saturation = chart({
  name: "saturation",
  exhibit: "saturation",
  question: "How full is each channel?",
  note: "The share of a channel's ceiling that a constant exposure reaches. The dashed rule marks half saturation; the grey blocks count the periods by their exposure, so they show which part of the curve has been seen.",
  missing: (data) => (data.channels.length ? null : "No channel has a curve with a ceiling."),
  sentence: (data, report) => {
    const [most] = [...data.channels].sort((a, b) => b.beyond_half.mean - a.beyond_half.mean);
    return most
      ? `${list([most.name])} is the most saturated: beyond half of its ceiling in ${told(most.beyond_half, report, percent)} of the ${report.about.period}s.`
      : "";
  },
  option,
  table: (data) => ({
    columns: [
      { key: "channel", title: "Channel", unit: "", kind: "text" },
      { key: "exposure", title: "Exposure", unit: "money or media units", kind: "number" },
      ...bandColumns("reached", "Reached", "of the ceiling", "share"),
      ...estimateColumns("ec50", "Half saturation", "money or media units"),
      ...estimateColumns("beyond_half", "Beyond half saturation", "of the periods", "share"),
    ],
    rows: data.channels.flatMap((of) =>
      of.exposure.map((exposure, k) => [
        of.name,
        exposure,
        ...[of.reached.mean[k], of.reached.lower[k], of.reached.upper[k]].map((x) => x ?? null),
        ...estimateCells(of.ec50),
        ...estimateCells(of.beyond_half),
      ]),
    ),
  }),
  choices: (data) => ({ channel: data.channels.map((of) => of.name) }),
  height: (data, _, look) => panelsHeight(chosen(data.channels, nameOf, look).length, look.width, subtitled),
});

const percent2 = (x: number | null | undefined) => percent(x, 2);

function option(data: Saturation, report: Report, look: Look): Option {
  const t = tokens(look);
  const of = chosen(data.channels, nameOf, look);
  const all = panels(of.map(nameOf), look, subtitled);
  const { period } = report.about;
  return {
    ...frame(look),
    ...panelFrame(
      all,
      look,
      of.map((one) => `beyond half in ${brief(one.beyond_half, percent2)} of ${period}s`),
    ),
    ...legend(look, [
      { name: "share of the ceiling, with interval", colour: t.soft },
      { name: "half saturation", colour: t.soft, dashed: true },
      { name: `${period}s by exposure`, colour: t.ghost, faint: true },
    ]),
    tooltip: { ...frame(look).tooltip, trigger: "axis" },
    xAxis: all.map(({ index: grid }) => ({
      ...acrossValues(look, {
        grid,
        name: `${unit(of[grid])} per ${period}`,
        ticks: 3,
        lines: false,
        to: of[grid]?.exposure.at(-1) ?? 1,
      }),
      nameGap: 22,
    })),
    yAxis: all.map(({ index: grid }) => upValues(look, { grid, ticks: 2, min: 0, max: 1, say: (x) => percent(x) })),
    series: of.flatMap((channel, grid) => {
      const colour = colourOf(channel.name, report, look);
      const most = Math.max(1, ...channel.history.map((bar) => bar.count));
      // The blocks are as high as they are many, a third of the panel at most: they share no axis with the curve.
      const blocks = channel.history.map(({ from, to, count }) => ({ from, to, height: (count / most) * 0.33 }));
      return [
        { ...columns({ grid, z: 0 }, blocks, t.ghost, look, 0.3), silent: true, tooltip: { show: false } },
        band({ grid }, channel.exposure, channel.reached.lower, channel.reached.upper, colour, 0.25),
        {
          ...line({ grid }, [], colour, { markLine: rules([rule(channel.ec50.median, "", look)]) }),
          data: channel.exposure.map((x, k) => ({ value: [x, channel.reached.mean[k] ?? null], tip: tip(channel, k) })),
        },
      ];
    }),
  };
}

function unit(of: SaturationOf | undefined): string {
  return of?.in_money ? "money" : "media units";
}

function tip(of: SaturationOf, k: number): string {
  const { mean, lower, upper } = of.reached;
  return [
    of.name,
    `${figure(of.exposure[k])} ${unit(of)} reach ${percent(mean[k])} (${range(lower[k], upper[k], percent)}) of the ceiling`,
    `half saturation at ${brief(of.ec50, figure, "median")}`,
  ].join("\n");
}

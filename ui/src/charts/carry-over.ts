// How the effect of a channel spreads over the periods after the exposure.
import type { CarryOver, CarryOverOf, Report } from "../api/report";
import { list } from "../lib/names";
import { figure, percent, range } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { acrossValues, frame, upValues } from "./kit/frame";
import { legend } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { band, line, rule, rules } from "./kit/marks";
import { colourOf } from "./kit/palette";
import { chosen, nameOf, panelFrame, panels, panelsHeight, subtitled } from "./kit/panels";
import { bandColumns, brief, estimateCells, estimateColumns, told } from "./kit/words";

export const carryOver = chart({
  name: "carry-over",
  exhibit: "carry_over",
  question: "How long does an effect last?",
  note: "How much of the effect of one exposure is felt at once, after one period, after two. The grey band is what was believed before the data. The half-life runs from the peak until half of the effect is left.",
  missing: (data) => (data.channels.length ? null : "No channel has carry-over."),
  sentence: (data, report) => {
    const order = [...data.channels].sort((a, b) => b.half_life.median - a.half_life.median);
    const [longest, shortest] = [order[0], order.at(-1)];
    if (!longest || !shortest) return "";
    const life = (of: CarryOverOf) => `${told(of.half_life, report, figure, "median")} ${report.about.period}s`;
    const first = `The effect of ${list([longest.name])} lasts longest: half is gone after ${life(longest)}`;
    return longest === shortest
      ? `${first}.`
      : `${first}; that of ${list([shortest.name])} ends soonest, after ${life(shortest)}.`;
  },
  option,
  table: (data, report) => ({
    columns: [
      { key: "channel", title: "Channel", unit: "", kind: "text" },
      { key: "lag", title: "Lag", unit: `${report.about.period}s`, kind: "number" },
      ...bandColumns("felt", "Felt", "of the effect", "share"),
      ...bandColumns("felt_prior", "Felt, believed before", "of the effect", "share"),
      ...estimateColumns("half_life", "Half-life", `${report.about.period}s`),
      ...estimateColumns("peak_lag", "Peak", `${report.about.period}s`),
      ...estimateColumns("time_to_5_percent", "Time until 5 % are left", `${report.about.period}s`),
    ],
    rows: data.channels.flatMap((of) =>
      of.felt.mean.map((_, lag) => [
        of.name,
        lag,
        ...[of.felt, of.felt_prior].flatMap(({ mean, lower, upper }) =>
          [mean[lag], lower[lag], upper[lag]].map((x) => x ?? null),
        ),
        ...[of.half_life, of.peak_lag, of.time_to_5_percent].flatMap(estimateCells),
      ]),
    ),
  }),
  choices: (data) => ({ channel: data.channels.map((of) => of.name) }),
  height: (data, _, look) => panelsHeight(chosen(data.channels, nameOf, look).length, look.width, subtitled),
});

function option(data: CarryOver, report: Report, look: Look): Option {
  const t = tokens(look);
  const of = chosen(data.channels, nameOf, look);
  const all = panels(of.map(nameOf), look, subtitled);
  const period = report.about.period;
  return {
    ...frame(look),
    ...panelFrame(
      all,
      look,
      of.map((one) => `half-life ${brief(one.half_life, figure, "median")} ${period}s`),
    ),
    ...legend(look, [
      { name: "felt, with interval", colour: t.soft },
      { name: "believed before the data", colour: t.ghost, faint: true },
    ]),
    tooltip: { ...frame(look).tooltip, trigger: "axis" },
    xAxis: all.map(({ index: grid }) => ({
      ...acrossValues(look, {
        grid,
        name: `${period}s after the exposure`,
        ticks: 4,
        lines: false,
        max: Math.max(1, (of[grid]?.felt.mean.length ?? 2) - 1),
      }),
      minInterval: 1,
      nameGap: 22,
    })),
    yAxis: all.map(({ index: grid }) => upValues(look, { grid, ticks: 3, min: 0, say: (x) => percent(x) })),
    series: of.flatMap((channel, grid) => {
      const colour = colourOf(channel.name, report, look);
      const lags = channel.felt.mean.map((_, lag) => lag);
      return [
        band({ grid }, lags, channel.felt_prior.lower, channel.felt_prior.upper, t.ghost, 0.22),
        band({ grid, z: 2 }, lags, channel.felt.lower, channel.felt.upper, colour, 0.28),
        {
          ...line({ grid }, [], colour, {
            showSymbol: lags.length <= 20,
            markLine: rules([rule(0, "", look, t.line)]),
          }),
          data: lags.map((lag) => ({ value: [lag, channel.felt.mean[lag] ?? null], tip: tip(channel, lag, period) })),
        },
      ];
    }),
  };
}

function tip({ name, felt, half_life: life }: CarryOverOf, lag: number, period: string): string {
  const share = `${percent(felt.mean[lag])} (${range(felt.lower[lag], felt.upper[lag], percent)})`;
  return `${name}\nafter ${lag} ${period}s ${share} of the effect is felt\nhalf-life ${brief(life, figure, "median")} ${period}s`;
}

// What went in by channel, period by period.
import type { InputOf, Inputs, Report } from "../api/report";
import { day, instant } from "../lib/dates";
import { list } from "../lib/names";
import { figure, percent } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { acrossDates, frame, upValues } from "./kit/frame";
import type { Look } from "./kit/look";
import { line } from "./kit/marks";
import { colourOf } from "./kit/palette";
import { chosen, nameOf, panelFrame, panels, panelsHeight, subtitled, type Room } from "./kit/panels";

const room: Room = { ...subtitled, tall: 170, top: 0, bottom: 26 };

export const spend = chart({
  name: "spend",
  exhibit: "inputs",
  question: "What went in?",
  note: "Money per period by channel, or exposure where nothing is paid. A channel that always runs at the same level teaches the model little; gaps and bursts teach it much.",
  missing: (data) => (data.channels.length ? null : "There are no channels."),
  sentence: (data, { about }) => {
    const [dark] = [...data.channels].sort((a, b) => b.dark - a.dark);
    const total =
      about.spend > 0 ? `${figure(about.spend)} of money was spent in the training window.` : "Nothing was paid for.";
    return dark && dark.dark > 0
      ? `${total} ${list([dark.name])} was dark the most: in ${percent(dark.dark, 2)} of the ${about.period}s.`
      : total;
  },
  option,
  table: (data) => ({
    columns: [
      { key: "date", title: "First day", unit: "", kind: "date" },
      { key: "channel", title: "Channel", unit: "", kind: "text" },
      { key: "spend", title: "Spend", unit: "money", kind: "number" },
      { key: "exposure", title: "Exposure", unit: "media units", kind: "number" },
    ],
    rows: data.channels.flatMap((of) =>
      data.dates.map((date, k) => [date, of.name, of.spend?.[k] ?? null, of.exposure?.[k] ?? null]),
    ),
  }),
  choices: (data) => ({ channel: data.channels.map((of) => of.name) }),
  caption: () => "As the data have it, media history included; nothing is estimated.",
  height: (data, _, look) => panelsHeight(chosen(data.channels, nameOf, look).length, look.width, room),
});

/** Spend where there is any, else exposure. */
export function inputOf(of: InputOf): { values: number[]; unit: string } {
  if (of.spend) return { values: of.spend, unit: "money" };
  return { values: of.exposure ?? [], unit: "media units" };
}

function option(data: Inputs, report: Report, look: Look): Option {
  const of = chosen(data.channels, nameOf, look);
  const all = panels(of.map(nameOf), look, room);
  const x = data.dates.map(instant);
  const { period } = report.about;
  return {
    ...frame(look),
    ...panelFrame(
      all,
      look,
      of.map((channel) => `${inputOf(channel).unit} per ${period}, dark in ${percent(channel.dark, 2)}`),
    ),
    tooltip: { ...frame(look).tooltip, trigger: "axis" },
    xAxis: all.map(({ index }) => acrossDates(look, index)),
    yAxis: all.map(({ index: grid }) => upValues(look, { grid, ticks: 2, min: 0 })),
    series: of.map((channel, grid) => {
      const colour = colourOf(channel.name, report, look);
      const { values, unit } = inputOf(channel);
      return {
        ...line({ grid }, [], colour, {
          lineStyle: { color: colour, width: 1.2 },
          areaStyle: { color: colour, opacity: 0.25 },
        }),
        data: x.map((at, k) => ({
          value: [at, values[k] ?? null],
          tip: `${channel.name}\n${day(data.dates[k] ?? "")}: ${figure(values[k])} ${unit}`,
        })),
      };
    }),
  };
}

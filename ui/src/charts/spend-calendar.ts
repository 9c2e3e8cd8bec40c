// When each channel ran: a calendar of periods and channels.
import type { Inputs, Report } from "../api/report";
import { day, month } from "../lib/dates";
import { list, short } from "../lib/names";
import { figure, percent } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { downNames, frame } from "./kit/frame";
import { heat, type HeatCell } from "./kit/heat";
import { tokens, type Look } from "./kit/look";
import { colourOf } from "./kit/palette";
import { inputOf } from "./spend";

const cell = 24;

export const spendCalendar = chart({
  name: "spend-calendar",
  exhibit: "inputs",
  question: "When did each channel run?",
  note: "Deep cells are a channel's strongest periods, empty ones its dark periods; each channel has its own scale. Rows that look alike cannot be told apart by the model.",
  missing: (data) => (data.channels.length && data.dates.length ? null : "There are no channels."),
  sentence: (data, { about }) => {
    const always = data.channels.filter((of) => of.dark === 0).map((of) => of.name);
    const dark = data.channels.filter((of) => of.dark > 0).map((of) => `${short(of.name, 40)} ${percent(of.dark, 2)}`);
    return [
      dark.length ? `Share of dark ${about.period}s: ${list(dark)}.` : "",
      always.length ? `Never dark: ${list(always)}.` : "",
    ]
      .filter(Boolean)
      .join(" ");
  },
  option,
  table: (data) => ({
    columns: [
      { key: "date", title: "First day", unit: "", kind: "date" },
      ...data.channels.map((of, k) => ({
        key: `channel_${k + 1}`,
        title: of.name,
        unit: inputOf(of).unit,
        kind: "number" as const,
      })),
    ],
    rows: data.dates.map((date, k) => [date, ...data.channels.map((of) => inputOf(of).values[k] ?? null)]),
  }),
  caption: () => "As the data have it, media history included; nothing is estimated.",
  height: (data) => data.channels.length * cell + 60,
});

function option(data: Inputs, report: Report, look: Look): Option {
  const t = tokens(look);
  const labels = data.channels.map((of) => short(of.name, look.width < 520 ? 10 : 20));
  const left = 20 + Math.max(4, ...labels.map((label) => Array.from(label).length)) * 7.2;
  const width = (look.width - left - 16) / data.dates.length;
  const cells: HeatCell[] = data.channels.flatMap((of, down) => {
    const { values, unit } = inputOf(of);
    const most = values.reduce((a, b) => Math.max(a, b), 0);
    return values.flatMap((x, across) => {
      if (!(x > 0)) return [];
      const tip = `${of.name}\n${day(data.dates[across] ?? "")}: ${figure(x)} ${unit}`;
      return [{ across, down, colour: colourOf(of.name, report, look), opacity: 0.15 + (0.85 * x) / most, tip }];
    });
  });
  return {
    ...frame(look),
    grid: [{ left, right: 16, top: 12, height: data.channels.length * cell }],
    xAxis: [
      {
        type: "category",
        data: data.dates.map(month),
        axisLabel: {
          color: t.soft,
          fontSize: 11,
          hideOverlap: true,
          interval: Math.max(0, Math.ceil(data.dates.length / 8) - 1),
        },
        axisLine: { lineStyle: { color: t.ghost } },
        axisTick: { show: false },
      },
    ],
    yAxis: [{ ...downNames(look, labels), splitArea: { show: true, areaStyle: { color: [t.wash, t.wash] } } }],
    series: [heat(cells, Math.max(1, width), cell, look)],
  };
}

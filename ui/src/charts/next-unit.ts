// What a channel earned on the whole against what its next unit of money would bring.
import type { Advice, ChannelRow, Channels, Estimate, Report } from "../api/report";
import { list, short } from "../lib/names";
import { figure, known, probability } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { acrossValues, frame, upValues } from "./kit/frame";
import { tokens, type Look } from "./kit/look";
import { levelRule, rule, rules } from "./kit/marks";
import { colourOf } from "./kit/palette";
import { block, stroke, words } from "./kit/strokes";
import { brief, estimateCells, estimateColumns, intervals, returnUnit, told } from "./kit/words";

export const nextUnit = chart({
  name: "next-unit",
  exhibit: "channels",
  question: "Where should the next unit of money go?",
  note: "Across: what the channel earned on the whole. Up: what its next unit of money would bring. The cross is the interval of both, the size of the bubble the money spent. Only what lies above 1 repays more money.",
  missing: (data) => (placed(data).length ? null : "No channel has spend, so there is no next unit of money."),
  sentence: (data, report) => {
    const [best] = [...placed(data)].sort((a, b) => (b.mroas?.mean ?? 0) - (a.mroas?.mean ?? 0));
    const first = best
      ? `The next unit of money brings the most on ${list([best.name])}: ${told(best.mroas, report)}${report.about.returns_in_money ? "" : ` ${report.about.kpi}`}.`
      : "";
    const said = (["scale", "trim", "test"] as const)
      .map((advice) => [advice, placed(data).filter((row) => row.advice === advice)] as const)
      .filter(([, rows]) => rows.length)
      .map(([advice, rows]) => `${advices[advice]}: ${list(rows.map((row) => row.name))}.`);
    return [first, ...said].join(" ");
  },
  option,
  table: (data, report) => ({
    columns: [
      { key: "channel", title: "Channel", unit: "", kind: "text" },
      { key: "spend", title: "Spend", unit: "money", kind: "number" },
      ...estimateColumns("roas", "ROAS", returnUnit(report)),
      ...estimateColumns("mroas", "Marginal ROAS", returnUnit(report)),
      { key: "p_next_pays", title: "Probability that the next unit pays", unit: "", kind: "share" },
      { key: "advice", title: "Advice", unit: "", kind: "text" },
    ],
    rows: placed(data).map((row) => [
      row.name,
      row.spend ?? null,
      ...estimateCells(row.roas),
      ...estimateCells(row.mroas),
      row.p_next_pays ?? null,
      row.advice ?? null,
    ]),
  }),
  caption: (_, report) =>
    `${intervals(report)} Scale: the next unit pays with 80${"\u00a0"}% or more; trim: with 20${"\u00a0"}% or less; test: the data do not tell.`,
  height: () => 420,
});

/** What the advice is in words. */
export const advices: Record<Advice, string> = { scale: "Scale", hold: "Hold", trim: "Trim", test: "Test" };

function placed(data: Channels): ChannelRow[] {
  return data.rows.filter((row) => known(row.roas?.mean) && known(row.mroas?.mean));
}

function option(data: Channels, report: Report, look: Look): Option {
  const t = tokens(look);
  const rows = placed(data);
  const most = Math.max(...rows.map((row) => row.spend ?? 0), 1);
  const inMoney = report.about.returns_in_money;
  let labels: Label[] = [];
  return {
    ...frame(look),
    grid: [{ left: 58, right: 24, top: 40, bottom: 48 }],
    xAxis: [acrossValues(look, { name: `earned on the whole, ${returnUnit(report)}` })],
    yAxis: [upValues(look, { name: `the next unit brings, ${returnUnit(report)}` })],
    series: [
      {
        type: "custom",
        z: 4,
        data: rows.map((row) => ({
          value: [
            row.roas?.mean,
            row.roas?.lower,
            row.roas?.upper,
            row.mroas?.mean,
            row.mroas?.lower,
            row.mroas?.upper,
          ].map((x) => x ?? NaN),
          tip: tip(row, report),
        })),
        encode: { x: [0, 1, 2], y: [3, 4, 5] },
        renderItem: (params, api) => {
          const row = rows[params.dataIndex];
          if (!row?.roas || !row.mroas) return null;
          const [x = 0, y = 0] = api.coord([row.roas.mean, row.mroas.mean]);
          const ends = (estimate: Estimate, from: number) => [estimate.lower ?? from, estimate.upper ?? from] as const;
          const [across, up] = [ends(row.roas, row.roas.mean), ends(row.mroas, row.mroas.mean)];
          const [left = 0, low = 0] = api.coord([across[0], up[0]]);
          const [right = 0, high = 0] = api.coord([across[1], up[1]]);
          const colour = colourOf(row.name, report, look);
          const r = 5 + 15 * Math.sqrt((row.spend ?? 0) / most);
          if (params.dataIndex === 0) labels = [];
          const label = row.advice
            ? `${short(row.name, 16)} · ${advices[row.advice].toLowerCase()}`
            : short(row.name, 16);
          const at = freePlace(labels, x, y, r, Array.from(label).length * 6.4 + 6);
          if (at) labels.push(at);
          return {
            type: "group",
            children: [
              stroke(left, y, right, y, colour, 1.6, 0.8),
              stroke(x, low, x, high, colour, 1.6, 0.8),
              {
                type: "circle",
                shape: { cx: x, cy: y, r },
                style: { fill: colour, opacity: 0.55, stroke: colour, lineWidth: 1.5 },
              },
              ...(at
                ? [block(at.x, at.y - 8, at.width, 16, t.paper, 0.8, 3), words(label, at.x + 3, at.y, t.ink, 11.5)]
                : []),
            ],
          };
        },
      },
      {
        type: "line",
        data: [],
        markLine: inMoney
          ? rules([rule(1, "pays for itself", look), levelRule(1, "the next unit pays", look)])
          : { data: [] },
      },
    ],
  };
}

interface Label {
  x: number;
  y: number;
  width: number;
}

/** A place near the bubble where no other label is; null where there is none, for the tooltip and the table have it. */
function freePlace(taken: readonly Label[], x: number, y: number, r: number, width: number): Label | null {
  const places = [
    { x: x + 4, y: y + r + 10, width },
    { x: x + 4, y: y - r - 10, width },
    { x: x - width - 4, y: y - r - 10, width },
    { x: x - width - 4, y: y + r + 10, width },
  ];
  const isFree = (at: Label) =>
    taken.every((other) => Math.abs(other.y - at.y) > 15 || other.x > at.x + at.width || at.x > other.x + other.width);
  return places.find(isFree) ?? null;
}

function tip(row: ChannelRow, report: Report): string {
  return [
    row.name,
    `spent ${figure(row.spend)}`,
    `earned ${brief(row.roas)} ${returnUnit(report)}`,
    `the next unit brings ${brief(row.mroas)}`,
    `next unit pays: ${probability(row.p_next_pays)}`,
    row.advice ? `advice: ${advices[row.advice].toLowerCase()}` : "",
  ]
    .filter(Boolean)
    .join("\n");
}

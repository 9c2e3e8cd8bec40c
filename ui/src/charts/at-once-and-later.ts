// What each channel brought in the period of the exposure, and what came later.
import type { CarryOver, CarryOverOf, Report } from "../api/report";
import { list, short } from "../lib/names";
import { percent } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { forestHeight, margins } from "./kit/forest";
import { acrossValues, downNames, frame } from "./kit/frame";
import { legend } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { colourOf } from "./kit/palette";
import { block, boxOf, whisker, written } from "./kit/strokes";
import { brief, estimateCells, estimateColumns, kpiUnit, told } from "./kit/words";

export const atOnceAndLater = chart({
  name: "at-once-and-later",
  exhibit: "carry_over",
  question: "What comes at once, what later?",
  note: "The full bar came in the period of the exposure, the pale one afterwards. A channel with a long pale bar is undervalued by anyone who counts only what comes at once.",
  missing: (data) => (data.channels.length ? null : "No channel has carry-over."),
  sentence: (data, report) => {
    const [slow] = [...data.channels].sort((a, b) => a.immediate.mean - b.immediate.mean);
    return slow
      ? `${list([slow.name])} works the slowest: ${told(slow.immediate, report, percent2)} of what it brings comes in the ${report.about.period} of the exposure.`
      : "";
  },
  option,
  table: (data, report) => ({
    columns: [
      { key: "channel", title: "Channel", unit: "", kind: "text" },
      ...estimateColumns("at_once", "At once", kpiUnit(report)),
      ...estimateColumns("later", "Later", kpiUnit(report)),
      ...estimateColumns("immediate", "Share at once", "", "share"),
    ],
    rows: data.channels.map((of) => [of.name, ...[of.at_once, of.later, of.immediate].flatMap(estimateCells)]),
  }),
  height: (data) => forestHeight(data.channels.length, true),
});

const percent2 = (x: number | null | undefined) => percent(x, 2);

function option({ channels }: CarryOver, report: Report, look: Look): Option {
  const t = tokens(look);
  const rows = channels.map((of) => ({ name: of.name, text: `${brief(of.immediate, percent2)} at once` }));
  const { most, left, right } = margins(look, rows);
  return {
    ...frame(look),
    ...legend(look, [
      { name: "at once", colour: t.soft, block: true },
      { name: "later", colour: t.soft, faint: true },
    ]),
    grid: [{ left, right, top: 46, bottom: 48 }],
    xAxis: [acrossValues(look, { name: kpiUnit(report) })],
    yAxis: [
      downNames(
        look,
        rows.map((row) => short(row.name, most)),
      ),
    ],
    series: [
      {
        type: "custom",
        z: 3,
        clip: false,
        data: channels.map((of, k) => ({
          value: [0, of.at_once.mean + of.later.mean, of.at_once.mean + of.later.upper, of.at_once.lower, k],
          tip: tip(of),
        })),
        encode: { x: [0, 1, 2, 3], y: 4 },
        renderItem: (params, api) => {
          const [of, row] = [channels[params.dataIndex], rows[params.dataIndex]];
          if (!of || !row) return null;
          const box = boxOf(params);
          const at = (x: number) => api.coord([x, params.dataIndex])[0] ?? 0;
          const y = api.coord([0, params.dataIndex])[1] ?? 0;
          const [foot, now, end] = [at(0), at(of.at_once.mean), at(of.at_once.mean + of.later.mean)];
          const colour = colourOf(of.name, report, look);
          return {
            type: "group",
            children: [
              block(Math.min(foot, now), y - 10, Math.abs(now - foot), 20, colour, 0.9),
              block(Math.min(now, end), y - 10, Math.abs(end - now), 20, colour, 0.32),
              ...whisker(at(of.at_once.lower), at(of.at_once.upper), y - 4, look),
              ...whisker(at(of.at_once.mean + of.later.lower), at(of.at_once.mean + of.later.upper), y + 4, look),
              ...(right > 16 ? written(row, box.x + box.width + 12, y, look) : []),
            ],
          };
        },
      },
    ],
  };
}

function tip(of: CarryOverOf): string {
  return `${of.name}\nat once: ${brief(of.at_once)}\nlater: ${brief(of.later)}\nshare at once: ${brief(of.immediate, percent2)}`;
}

// Whether the model tells the same of each channel as time goes on.
import type { CustomSeriesOption } from "echarts";
import type { Foresight, Report, StabilityRow } from "../api/report";
import { day } from "../lib/dates";
import { list, short } from "../lib/names";
import { figure, range } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { frame, upValues } from "./kit/frame";
import { tokens, type Look } from "./kit/look";
import { line } from "./kit/marks";
import { colourOf } from "./kit/palette";
import { chosen, panelFrame, panels, panelsHeight, subtitled } from "./kit/panels";
import { orNaN, stroke } from "./kit/strokes";
import { estimateCells, estimateColumns, level } from "./kit/words";

const figures: Record<StabilityRow["figure"], string> = {
  roas: "ROAS",
  effectiveness: "effect per exposure",
  decay: "decay",
  half_life: "half-life",
};

export const stability = chart({
  name: "stability",
  exhibit: "foresight",
  question: "Does the answer hold as time goes on?",
  note: "Each dot is what a fit on less data said of the same past. Dots should stay within each other's intervals: an answer that jumps whenever new weeks arrive is none to plan on.",
  missing: (data) => (data.stability.length ? null : "No backtest was made, or none of its fits converged."),
  sentence: (data, report) => {
    const moved = data.stability.filter((row) => row.outside).map(titleOf);
    const span = `the same past, ${day(data.compared_from)} to ${day(data.compared_to)}`;
    return moved.length
      ? `As data were added, ${list(moved)} moved out of an earlier interval (${level(report)}); all folds are asked about ${span}.`
      : `As data were added, every figure stayed within the intervals (${level(report)}) of the earlier fits; all are asked about ${span}.`;
  },
  option,
  table: (data) => ({
    columns: [
      { key: "channel", title: "Channel", unit: "", kind: "text" },
      { key: "figure", title: "Figure", unit: "", kind: "text" },
      { key: "fold", title: "Fold", unit: "", kind: "number" },
      ...estimateColumns("value", "Value", ""),
      { key: "largest_move", title: "Largest move", unit: "posterior standard deviations", kind: "number" },
      { key: "outside", title: "Moved out of an earlier interval", unit: "", kind: "text" },
    ],
    rows: data.stability.flatMap((row) =>
      row.by_fold.map(({ fold, value }) => [
        row.channel,
        figures[row.figure],
        fold,
        ...estimateCells(value),
        row.largest_move,
        row.outside ? "yes" : "no",
      ]),
    ),
  }),
  choices: (data) => ({ channel: [...new Set(data.stability.map((row) => row.channel))] }),
  height: (data, _, look) => panelsHeight(chosen(data.stability, channelOf, look).length, look.width, subtitled),
});

function titleOf(row: StabilityRow): string {
  return `${figures[row.figure]} of ${short(row.channel, 30)}`;
}

function channelOf({ channel }: StabilityRow): string {
  return channel;
}

function option(data: Foresight, report: Report, look: Look): Option {
  const t = tokens(look);
  const rows = chosen(data.stability, channelOf, look);
  const all = panels(rows.map(titleOf), look, subtitled);
  return {
    ...frame(look),
    ...panelFrame(
      all,
      look,
      rows.map((row) => `${row.outside ? "moved out" : "stayed inside"}, by ${figure(row.largest_move, 2)} sd at most`),
    ),
    xAxis: all.map(({ index: grid }) => ({
      gridIndex: grid,
      type: "category" as const,
      data: rows[grid]?.by_fold.map(({ fold }) => `fold ${fold}`) ?? [],
      axisLabel: { color: t.soft, fontSize: 11, hideOverlap: true },
      axisLine: { lineStyle: { color: t.ghost } },
      axisTick: { show: false },
    })),
    yAxis: all.map(({ index: grid }) => upValues(look, { grid, ticks: 3, free: true })),
    series: rows.flatMap((row, grid) => {
      const colour = colourOf(row.channel, report, look);
      return [
        line(
          { grid },
          row.by_fold.map(({ value }, k) => [k, value.mean]),
          colour,
          { lineStyle: { color: colour, width: 1, type: "dashed" } },
        ),
        whiskers(row, grid, colour, report),
      ];
    }),
  };
}

/** Upright intervals with a dot, one per fold. */
function whiskers(row: StabilityRow, grid: number, colour: string, report: Report): CustomSeriesOption {
  return {
    type: "custom",
    xAxisIndex: grid,
    yAxisIndex: grid,
    z: 4,
    encode: { x: 0, y: [1, 2, 3] },
    data: row.by_fold.map(({ fold, value }, k) => ({
      value: [k, ...[value.mean, value.lower, value.upper].map(orNaN)],
      tip: [
        `${titleOf(row)}, fold ${fold}`,
        `${figure(value.mean)} (${range(value.lower, value.upper)})`,
        `interval: ${level(report)}`,
      ].join("\n"),
    })),
    renderItem: (_, api) => {
      if (![1, 2, 3].every((k) => Number.isFinite(api.value(k)))) return null;
      const at = (k: number) => api.coord([Number(api.value(0)), Number(api.value(k))]);
      const [x = 0, y = 0] = at(1);
      const [low, high] = [at(2)[1] ?? y, at(3)[1] ?? y];
      return {
        type: "group",
        children: [
          stroke(x, low, x, high, colour, 2),
          ...[low, high].map((end) => stroke(x - 4, end, x + 4, end, colour, 2)),
          { type: "circle", shape: { cx: x, cy: y, r: 4.5 }, style: { fill: colour } },
        ],
      };
    },
  };
}

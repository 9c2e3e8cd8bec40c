// A forest: one row per name, a dot with its interval, and the same in figures at the right.
import type { CustomSeriesOption, LineSeriesOption } from "echarts";
import { short } from "../../lib/names";
import { known } from "../../lib/numbers";
import type { Option } from "./chart";
import { acrossValues, downNames, frame, type Scale } from "./frame";
import { legend, type Key } from "./legend";
import { tokens, type Look } from "./look";
import { rule, rules, type Maybe } from "./marks";
import { block, boxOf, capped, orNaN, written } from "./strokes";

export interface Ends {
  point: Maybe;
  lower: Maybe;
  upper: Maybe;
}

export interface Row extends Ends {
  name: string;
  colour: string;
  /** In figures, at the right. */
  text: string;
  /** What the tooltip says. */
  tip: string;
  /** What was believed before, drawn behind as a ghost. */
  ghost?: Ends | null;
  /** A short remark under the figures. */
  remark?: string;
  /** Whether the dot is hollow: the data cannot tell. */
  hollow?: boolean;
}

const rowHeight = 34;

export function forestHeight(rows: number, hasKeys = false): number {
  return rows * rowHeight + (hasKeys ? 94 : 74);
}

/** Width of the column of names and of the column of figures. */
export function margins(look: Pick<Look, "width">, rows: readonly Pick<Row, "name" | "text" | "remark">[]) {
  const most = look.width < 520 ? 14 : 22;
  const longest = Math.max(4, ...rows.map((row) => Array.from(short(row.name, most)).length));
  const widest = Math.max(0, ...rows.flatMap((row) => [row.text.length * 7, (row.remark ?? "").length * 6.2]));
  return { most, left: 20 + longest * 7.2, right: look.width < 520 || widest === 0 ? 16 : 24 + widest };
}

/** What a forest has besides its rows. */
export interface Dressing {
  breakEven?: { at: number; word: string } | undefined;
  keys?: Key[];
}

export function forest(
  rows: readonly Row[],
  scale: Scale,
  look: Look,
  { breakEven, keys = [] }: Dressing = {},
): Option {
  const { most, left, right } = margins(look, rows);
  const names = rows.map((row) => short(row.name, most));
  return {
    ...frame(look),
    ...legend(look, keys),
    grid: [{ left, right, top: topOf(keys), bottom: 48 }],
    xAxis: [acrossValues(look, scale)],
    yAxis: [downNames(look, names)],
    series: [
      rows.some((row) => row.ghost) ? ghosts(rows, look) : [],
      whiskers(rows, look, right > 16, scale.grid),
      breakEven ? pays(breakEven, look) : [],
    ].flat(),
  };
}

function topOf(keys: readonly Key[]): number {
  return keys.length ? 46 : 26;
}

function pays({ at, word }: { at: number; word: string }, look: Look): LineSeriesOption {
  return { type: "line", data: [], markLine: rules([rule(at, word, look, tokens(look).soft, "start")]) };
}

/** Dots with their intervals on a row each. */
export function whiskers(rows: readonly Row[], look: Look, withText: boolean, grid = 0): CustomSeriesOption {
  const t = tokens(look);
  return {
    type: "custom",
    xAxisIndex: grid,
    yAxisIndex: grid,
    z: 4,
    clip: false,
    data: rows.map((row, k) => ({ value: [row.point, k, row.lower, row.upper].map(orNaN), tip: row.tip })),
    encode: { x: [0, 2, 3], y: 1 },
    renderItem: (params, api) => {
      const row = rows[params.dataIndex];
      if (!row) return null;
      const box = boxOf(params);
      const [, y = 0] = api.coord([0, params.dataIndex]);
      const figures = withText ? written(row, box.x + box.width + 12, y, look) : [];
      const { point, lower, upper } = row;
      if (!known(point)) return { type: "group", children: figures };
      const at = (x: number) => Math.min(Math.max(api.coord([x, params.dataIndex])[0] ?? 0, box.x), box.x + box.width);
      const [from, to] = [at(known(lower) ? lower : point), at(known(upper) ? upper : point)];
      return {
        type: "group",
        children: [
          block(box.x, y - 14, box.width, 28, "transparent"),
          ...capped(from, to, y, 4, row.colour, 2.2),
          {
            type: "circle",
            shape: { cx: at(point), cy: y, r: 5 },
            style: { fill: row.hollow ? t.paper : row.colour, stroke: row.colour, lineWidth: 2 },
          },
          ...figures,
        ],
      };
    },
  };
}

function ghosts(rows: readonly Row[], look: Look): CustomSeriesOption {
  const { ghost: colour } = tokens(look);
  return {
    type: "custom",
    z: 2,
    silent: true,
    clip: true,
    data: rows.map((row, k) => [row.ghost?.point, k, row.ghost?.lower, row.ghost?.upper].map(orNaN)),
    // A wide prior must not press the posterior into a corner: the axis is that of the posterior.
    encode: { x: -1, y: 1 },
    renderItem: (params, api) => {
      const ghost = rows[params.dataIndex]?.ghost;
      if (!ghost || !known(ghost.lower) || !known(ghost.upper)) return null;
      const [from = 0, y = 0] = api.coord([ghost.lower, params.dataIndex]);
      const [to = 0] = api.coord([ghost.upper, params.dataIndex]);
      return block(from, y - 8, Math.max(1, to - from), 16, colour, 0.22, 8);
    },
  };
}

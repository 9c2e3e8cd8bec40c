// Two bars on a row: what was, and what is or should be; with a whisker or with brackets.
import type { CustomSeriesOption } from "echarts";
import { known } from "../../lib/numbers";
import { tokens, type Look } from "./look";
import type { Maybe } from "./marks";
import { block, boxOf, orNaN, stroke, whisker, written } from "./strokes";

export interface Pair {
  name: string;
  colour: string;
  /** The pale bar above. */
  before: Maybe;
  /** The coloured bar below. */
  after: Maybe;
  /** Interval of `after`. */
  lower?: Maybe;
  upper?: Maybe;
  /** Bounds within which `after` must stay, as brackets. */
  least?: Maybe;
  most?: Maybe;
  text: string;
  remark?: string;
  tip: string;
}

export function pairs(rows: readonly Pair[], look: Look, withText: boolean): CustomSeriesOption {
  const t = tokens(look);
  return {
    type: "custom",
    z: 3,
    clip: false,
    data: rows.map((row, k) => ({
      value: [0, row.before, row.after, row.lower, row.upper, row.least, row.most, k].map(orNaN),
      tip: row.tip,
    })),
    encode: { x: [0, 1, 2, 3, 4, 5, 6], y: 7 },
    renderItem: (params, api) => {
      const row = rows[params.dataIndex];
      if (!row) return null;
      const box = boxOf(params);
      const at = (x: number) => api.coord([x, params.dataIndex])[0] ?? 0;
      const y = api.coord([0, params.dataIndex])[1] ?? 0;
      const bar = (x: Maybe, top: number, colour: string, opacity: number) =>
        known(x) ? [block(Math.min(at(0), at(x)), top, Math.abs(at(x) - at(0)), 9, colour, opacity)] : [];
      return {
        type: "group",
        children: [
          block(box.x, y - 15, box.width, 30, "transparent"),
          ...bar(row.before, y - 11, t.ghost, 0.55),
          ...bar(row.after, y, row.colour, 0.9),
          ...(known(row.lower) && known(row.upper) ? whisker(at(row.lower), at(row.upper), y + 4.5, look) : []),
          ...bracket(row.least, at, y, 1, look),
          ...bracket(row.most, at, y, -1, look),
          ...(withText ? written(row, box.x + box.width + 12, y, look) : []),
        ],
      };
    },
  };
}

/** "[" opens towards what is allowed, "]" closes it. */
function bracket(x: Maybe, at: (x: number) => number, y: number, side: 1 | -1, look: Look) {
  if (!known(x)) return [];
  const { ink } = tokens(look);
  const foot = at(x);
  return [
    stroke(foot, y - 2, foot, y + 12, ink, 1.4),
    stroke(foot, y - 2, foot + 4 * side, y - 2, ink, 1.4),
    stroke(foot, y + 12, foot + 4 * side, y + 12, ink, 1.4),
  ];
}

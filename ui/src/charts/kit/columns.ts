// Upright blocks: the bars of a histogram, and ranges over them.
import type { CustomSeriesOption } from "echarts";
import { known } from "../../lib/numbers";
import type { Look } from "./look";
import { tokens } from "./look";
import { orNaN, stroke, block } from "./strokes";
import type { Maybe, Place } from "./marks";

export interface Column {
  from: number;
  to: number;
  height: Maybe;
  tip?: string;
  /** Ends of a range drawn over the block. */
  lower?: Maybe;
  upper?: Maybe;
}

export function columns(
  place: Place,
  all: readonly Column[],
  colour: string,
  look: Look,
  opacity = 0.75,
): CustomSeriesOption {
  const { grid = 0, z = 2 } = place;
  const t = tokens(look);
  return {
    type: "custom",
    xAxisIndex: grid,
    yAxisIndex: grid,
    z,
    clip: true,
    data: all.map(({ from, to, height, lower, upper, tip = "" }) => ({
      value: [from, to, height, lower, upper, 0].map(orNaN),
      tip,
    })),
    encode: { x: [0, 1], y: [2, 3, 4, 5] },
    renderItem: (params, api) => {
      const column = all[params.dataIndex];
      if (!column || !known(column.height)) return null;
      const [left = 0, top = 0] = api.coord([column.from, column.height]);
      const [right = 0, foot = 0] = api.coord([column.to, 0]);
      const gap = right - left > 6 ? 1 : 0;
      const body = block(
        left + gap / 2,
        Math.min(top, foot),
        right - left - gap,
        Math.abs(foot - top),
        colour,
        opacity,
        0,
      );
      const middle = (left + right) / 2;
      const ends = known(column.lower) && known(column.upper) ? [column.lower, column.upper] : [];
      const [low, high] = ends.map((y) => api.coord([column.from, y])[1] ?? 0);
      const range =
        low === undefined || high === undefined
          ? []
          : [
              stroke(middle, low, middle, high, t.ink, 1.4),
              stroke(middle - 4, low, middle + 4, low, t.ink, 1.4),
              stroke(middle - 4, high, middle + 4, high, t.ink, 1.4),
            ];
      return { type: "group", children: [body, ...range] };
    },
  };
}

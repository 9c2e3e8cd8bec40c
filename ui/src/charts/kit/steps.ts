// The bars of a waterfall: each from where the last one ended, with a whisker.
import type { CustomSeriesOption } from "echarts";
import { known } from "../../lib/numbers";
import { orNaN, stroke, written } from "./forest";
import { tokens, type Look } from "./look";
import type { Maybe } from "./marks";

export interface Step {
  name: string;
  from: Maybe;
  to: Maybe;
  lower: Maybe;
  upper: Maybe;
  colour: string;
  text: string;
  remark?: string;
  tip: string;
}

export function steps(bars: readonly Step[], look: Look, withText: boolean, grid = 0): CustomSeriesOption {
  const t = tokens(look);
  return {
    type: "custom",
    xAxisIndex: grid,
    yAxisIndex: grid,
    z: 3,
    clip: false,
    data: bars.map((bar, k) => ({ value: [bar.from, bar.to, bar.lower, bar.upper, k].map(orNaN), tip: bar.tip })),
    encode: { x: [0, 1, 2, 3], y: 4 },
    renderItem: (params, api) => {
      const bar = bars[params.dataIndex];
      if (!bar) return null;
      const box = params.coordSys as unknown as { x: number; width: number };
      const at = (x: number) => api.coord([x, params.dataIndex])[0] ?? 0;
      const y = api.coord([0, params.dataIndex])[1] ?? 0;
      const figures = withText ? written(bar, box.x + box.width + 12, y, look) : [];
      if (!known(bar.from) || !known(bar.to)) return { type: "group", children: figures };
      const [from, to] = [at(bar.from), at(bar.to)];
      const shape = { x: Math.min(from, to), y: y - 10, width: Math.max(1, Math.abs(to - from)), height: 20, r: 1.5 };
      const children = [
        { type: "rect" as const, shape, style: { fill: bar.colour, opacity: 0.82 } },
        params.dataIndex + 1 < bars.length ? stroke(to, y + 10, to, y + 24, t.ghost, 1) : null,
        ...(known(bar.lower) && known(bar.upper) ? whisker(at(bar.lower), at(bar.upper), y, look) : []),
        ...figures,
      ];
      return { type: "group", children: children.filter((child) => child !== null) };
    },
  };
}

/** Ink over a halo of paper, so that it is seen on the bar and beside it. */
function whisker(from: number, to: number, y: number, look: Look) {
  const { ink, paper } = tokens(look);
  return [paper, ink].flatMap((colour, k) => {
    const width = k === 0 ? 4 : 1.5;
    return [
      stroke(from, y, to, y, colour, width),
      stroke(from, y - 4, from, y + 4, colour, width),
      stroke(to, y - 4, to, y + 4, colour, width),
    ];
  });
}

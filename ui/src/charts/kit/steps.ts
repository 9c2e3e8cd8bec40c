// The bars of a waterfall: each from where the last one ended, with a whisker.
import type { CustomSeriesOption } from "echarts";
import { known } from "../../lib/numbers";
import { tokens, type Look } from "./look";
import type { Maybe } from "./marks";
import { block, boxOf, orNaN, stroke, whisker, written } from "./strokes";

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

/** `linked`: whether a bar begins where the last one ended. */
export function steps(bars: readonly Step[], look: Look, withText: boolean, linked = true): CustomSeriesOption {
  const t = tokens(look);
  return {
    type: "custom",
    z: 3,
    clip: false,
    data: bars.map((bar, k) => ({ value: [bar.from, bar.to, bar.lower, bar.upper, k].map(orNaN), tip: bar.tip })),
    encode: { x: [0, 1, 2, 3], y: 4 },
    renderItem: (params, api) => {
      const bar = bars[params.dataIndex];
      if (!bar) return null;
      const box = boxOf(params);
      const at = (x: number) => api.coord([x, params.dataIndex])[0] ?? 0;
      const y = api.coord([0, params.dataIndex])[1] ?? 0;
      const figures = withText ? written(bar, box.x + box.width + 12, y, look) : [];
      if (!known(bar.from) || !known(bar.to)) return { type: "group", children: figures };
      const [from, to] = [at(bar.from), at(bar.to)];
      const children = [
        block(Math.min(from, to), y - 10, Math.max(1, Math.abs(to - from)), 20, bar.colour, 0.85),
        linked && params.dataIndex + 1 < bars.length ? stroke(to, y + 10, to, y + 24, t.ghost, 1) : null,
        ...(known(bar.lower) && known(bar.upper) ? whisker(at(bar.lower), at(bar.upper), y, look) : []),
        ...figures,
      ];
      return { type: "group", children: children.filter((child) => child !== null) };
    },
  };
}

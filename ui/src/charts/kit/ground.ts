// What lies under a curve: where the data are, and where there are none.
import type { CustomSeriesOption } from "echarts";
import { known } from "../../lib/numbers";
import { tokens, type Look } from "./look";
import { drawn, type Maybe, type Place } from "./marks";
import { block, boxOf, strokes, type Segment } from "./strokes";

/** Hatched ground from `from` to `to`: the model's word alone. */
export function beyond(place: Place, from: Maybe, to: Maybe, look: Look): CustomSeriesOption {
  const { ghost } = tokens(look);
  if (!known(from) || !known(to) || to <= from) return drawn(place, [], () => null);
  return drawn({ z: 0, ...place }, [[from, 0]], (params, api) => {
    const box = boxOf(params);
    const left = Math.max(box.x, api.coord([from, 0])[0] ?? box.x);
    const right = Math.min(box.x + box.width, api.coord([to, 0])[0] ?? box.x);
    const [shade, hatch] = [
      block(left, box.y, right - left, box.height, ghost, 0.1, 0),
      strokes(hatching(left, right, box.y, box.height), ghost, 1, 0.35),
    ];
    return { type: "group", children: [shade, hatch] };
  });
}

/** Slanting lines, cut to the box by hand: a clip path would be one more thing a renderer may not know. */
function hatching(left: number, right: number, top: number, height: number): Segment[] {
  const lines: Segment[] = [];
  for (let foot = left; foot < right + height; foot += 9) {
    const from = Math.min(foot, right);
    const to = Math.max(foot - height, left);
    if (from > to) lines.push([from, top + height - (foot - from), to, top + height - (foot - to)]);
  }
  return lines;
}

/** Ticks along the bottom: one per period of the data. */
export function rug(place: Place, at: readonly number[], colour: string): CustomSeriesOption {
  return drawn(
    { z: 4, ...place },
    at.slice(0, 1).map((x) => [x, 0]),
    (params, api) => {
      const box = boxOf(params);
      const [foot, head] = [box.y + box.height, box.y + box.height - 7];
      const ticks = at.map((value) => api.coord([value, 0])[0] ?? 0).map((x): Segment => [x, head, x, foot]);
      return strokes(ticks, colour, 1, 0.45);
    },
  );
}

// The strokes that hand-drawn series are made of.
import type { CustomSeriesOption } from "echarts";
import { known } from "../../lib/numbers";
import { fontFamily } from "./frame";
import { tokens, type Look } from "./look";
import type { Maybe } from "./marks";

type Params = Parameters<NonNullable<CustomSeriesOption["renderItem"]>>[0];

/** The rectangle of the grid a series is drawn in. */
export function boxOf(params: Params): { x: number; y: number; width: number; height: number } {
  return params.coordSys as unknown as { x: number; y: number; width: number; height: number };
}

export function stroke(x1: number, y1: number, x2: number, y2: number, colour: string, width: number, opacity = 1) {
  return {
    type: "line" as const,
    shape: { x1, y1, x2, y2 },
    style: { stroke: colour, lineWidth: width, opacity },
  };
}

/** x1, y1, x2, y2 */
export type Segment = readonly [number, number, number, number];

/** Many lines of one look as one element: a picture of a thousand ticks stays small. */
export function strokes(lines: readonly Segment[], colour: string, width: number, opacity = 1) {
  const at = (x: number) => Math.round(x * 10) / 10;
  return {
    type: "path" as const,
    shape: { pathData: lines.map(([x1, y1, x2, y2]) => `M${at(x1)} ${at(y1)}L${at(x2)} ${at(y2)}`).join("") || "M0 0" },
    style: { fill: "none", stroke: colour, lineWidth: width, opacity },
  };
}

export function block(x: number, y: number, width: number, height: number, fill: string, opacity = 1, r = 1.5) {
  return { type: "rect" as const, shape: { x, y, width: Math.max(0, width), height, r }, style: { fill, opacity } };
}

export function words(text: string, x: number, y: number, fill: string, size = 12, align: "left" | "center" = "left") {
  return {
    type: "text" as const,
    style: { text, x, y, fill, fontSize: size, fontFamily, align, verticalAlign: "middle" as const },
  };
}

/** The figures at the right of a row, with a remark under them. */
export function written(row: { text: string; remark?: string }, x: number, y: number, look: Look) {
  const t = tokens(look);
  if (!row.remark) return [words(row.text, x, y, t.ink)];
  return [words(row.text, x, y - 6, t.ink), words(row.remark, x, y + 8, t.soft, 10.5)];
}

/** A level whisker: ink over a halo of paper, so that it is seen on a bar and beside it. */
export function whisker(from: number, to: number, y: number, look: Look) {
  const { ink, paper } = tokens(look);
  return [paper, ink].flatMap((colour, k) => capped(from, to, y, 4, colour, k === 0 ? 4 : 1.5));
}

/** A level line with caps. */
export function capped(from: number, to: number, y: number, cap: number, colour: string, width: number) {
  return [
    stroke(from, y, to, y, colour, width),
    stroke(from, y - cap, from, y + cap, colour, width),
    stroke(to, y - cap, to, y + cap, colour, width),
  ];
}

/** What ECharts takes for a gap. */
export function orNaN(x: Maybe): number {
  return known(x) ? x : NaN;
}

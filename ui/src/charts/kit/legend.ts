// A key above the chart, in words; drawn by hand so that it says the same in a picture and on a page.
import type { EChartsOption } from "echarts";
import { short } from "../../lib/names";
import { tokens, type Look } from "./look";
import { words } from "./strokes";

export interface Key {
  name: string;
  colour: string;
  /** A band: a pale block. */
  faint?: boolean;
  dashed?: boolean;
  /** A filled block: bars and areas. */
  block?: boolean;
}

const [left, lineHeight] = [14, 18];

/** The key, from the left edge; it wraps where the chart is narrow. */
export function legend(look: Look, keys: readonly Key[]): Pick<EChartsOption, "graphic"> {
  const t = tokens(look);
  return {
    graphic: placed(look, keys).flatMap(({ key, x, y, line }) => [
      key.faint || key.block
        ? {
            type: "rect" as const,
            silent: true,
            info: { line },
            shape: { x, y: y + 2, width: 16, height: 10, r: 1.5 },
            style: { fill: key.colour, opacity: key.faint ? 0.28 : 0.85 },
          }
        : {
            type: "line" as const,
            silent: true,
            info: { line },
            shape: { x1: x, y1: y + 7, x2: x + 16, y2: y + 7 },
            style: { stroke: key.colour, lineWidth: 2, lineDash: key.dashed ? [4, 3] : undefined },
          },
      { ...words(short(key.name, 36), x + 22, y + 7, t.soft, 11.5), silent: true },
    ]),
  };
}

function placed(look: Pick<Look, "width">, keys: readonly Key[]) {
  let [x, line] = [left, 0];
  return keys.map((key) => {
    const width = 22 + Array.from(short(key.name, 36)).length * 6.4 + 18;
    if (x > left && x + width > look.width) [x, line] = [left, line + 1];
    const at = { key, x, y: 4 + line * lineHeight, line };
    x += width;
    return at;
  });
}

/** Pixels that a key takes beyond its first line, for which every chart leaves room. */
export function wrapped({ graphic }: EChartsOption): number {
  const elements: unknown[] = Array.isArray(graphic) ? graphic : [];
  return elements.reduce<number>((most, element) => Math.max(most, lineOf(element)), 0) * lineHeight;
}

function lineOf(element: unknown): number {
  const info = typeof element === "object" && element !== null && "info" in element ? element.info : null;
  return typeof info === "object" && info !== null && "line" in info && typeof info.line === "number" ? info.line : 0;
}

/** The chart moved down by so many pixels, below its key. */
export function lowered(option: EChartsOption, by: number): EChartsOption {
  if (by === 0) return option;
  const down = <T extends { top?: unknown }>(parts: T | T[] | undefined): T[] =>
    [parts ?? []].flat().map((part) => ({ ...(part as T), top: (Number((part as T).top) || 0) + by }));
  return { ...option, grid: down(option.grid), title: down(option.title) };
}

// A key above the chart, in words; drawn by hand so that it says the same in a picture and on a page.
import type { EChartsOption } from "echarts";
import { short } from "../../lib/names";
import { fontFamily } from "./frame";
import { tokens, type Look } from "./look";

export interface Key {
  name: string;
  colour: string;
  /** A band: a pale block. */
  faint?: boolean;
  dashed?: boolean;
  /** A filled block: bars and areas. */
  block?: boolean;
}

const lineHeight = 18;

/** The key, from the left edge; it wraps where the chart is narrow. */
export function legend(look: Look, keys: readonly Key[], left = 14): Pick<EChartsOption, "graphic"> {
  const t = tokens(look);
  return {
    graphic: placed(look, keys, left).flatMap(({ key, x, y }) => [
      key.faint || key.block
        ? {
            type: "rect" as const,
            silent: true,
            shape: { x, y: y + 2, width: 16, height: 10, r: 1.5 },
            style: { fill: key.colour, opacity: key.faint ? 0.28 : 0.85 },
          }
        : {
            type: "line" as const,
            silent: true,
            shape: { x1: x, y1: y + 7, x2: x + 16, y2: y + 7 },
            style: { stroke: key.colour, lineWidth: 2, lineDash: key.dashed ? [4, 3] : undefined },
          },
      {
        type: "text" as const,
        silent: true,
        style: { x: x + 22, y, text: short(key.name, 36), fill: t.soft, fontSize: 11.5, fontFamily },
      },
    ]),
  };
}

/** Pixels the key takes. */
export function legendHeight(look: Pick<Look, "width">, keys: readonly Key[]): number {
  return ((placed(look, keys, 14).at(-1)?.y ?? 0) / lineHeight) * lineHeight + lineHeight + 6;
}

function placed(look: Pick<Look, "width">, keys: readonly Key[], left: number) {
  let [x, y] = [left, 4];
  return keys.map((key) => {
    const width = 22 + Array.from(short(key.name, 36)).length * 6.4 + 18;
    if (x > left && x + width > look.width) [x, y] = [left, y + lineHeight];
    const at = { key, x, y };
    x += width;
    return at;
  });
}

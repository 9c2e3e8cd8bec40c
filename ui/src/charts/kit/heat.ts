// A heat map: one coloured cell per pair.
import type { CustomSeriesOption } from "echarts";
import type { Look } from "./look";
import { tokens } from "./look";
import { block, words } from "./strokes";

export interface HeatCell {
  across: number;
  down: number;
  colour: string;
  opacity: number;
  text?: string;
  tip: string;
}

/** `width`, `height`: pixels of a cell. */
export function heat(cells: readonly HeatCell[], width: number, height: number, look: Look): CustomSeriesOption {
  const t = tokens(look);
  const gap = width > 8 ? 1 : 0;
  return {
    type: "custom",
    z: 2,
    data: cells.map(({ across, down, tip }) => ({ value: [across, down], tip })),
    encode: { x: 0, y: 1 },
    renderItem: (params, api) => {
      const cell = cells[params.dataIndex];
      if (!cell) return null;
      const [x = 0, y = 0] = api.coord([cell.across, cell.down]);
      const body = block(
        x - width / 2 + gap / 2,
        y - height / 2 + 0.5,
        width - gap,
        height - 1,
        cell.colour,
        cell.opacity,
        0,
      );
      const fill = cell.opacity > 0.6 ? t.paper : t.ink;
      return { type: "group", children: cell.text ? [body, words(cell.text, x, y, fill, 10.5, "center")] : [body] };
    },
  };
}

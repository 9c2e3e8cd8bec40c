// Small multiples: one panel per name in a grid that grows with their number.
import type { EChartsOption, GridComponentOption, TitleComponentOption } from "echarts";
import { short } from "../../lib/names";
import { fontFamily } from "./frame";
import { tokens, type Look } from "./look";

export interface Panel {
  name: string;
  index: number;
  left: number;
  top: number;
  width: number;
  height: number;
  /** Where its title begins, above it. */
  head: number;
}

/** Room in a panel, in pixels. */
export interface Room {
  /** Least width of a panel. */
  least: number;
  /** Height of a panel with its title and axes. */
  tall: number;
  /** Left for the axis. */
  left: number;
  /** Above the first row, for a key. */
  top: number;
  /** Above a panel, for its title. */
  head: number;
  /** Below a panel, for the axis. */
  bottom: number;
  most: number;
}

export const usual: Room = { least: 230, tall: 190, left: 50, top: 26, head: 30, bottom: 42, most: 3 };

/** With a second line under the title. */
export const subtitled: Room = { ...usual, tall: 210, head: 46 };

/** The name of what has one. */
export function nameOf({ name }: { name: string }): string {
  return name;
}

/** What to draw: what bears the name that a reader chose, where anything does; else all. */
export function chosen<Item>(
  all: readonly Item[],
  key: (item: Item) => string | null | undefined,
  look: Pick<Look, "channel">,
): readonly Item[] {
  const own = look.channel === undefined ? [] : all.filter((item) => key(item) === look.channel);
  return own.length ? own : all;
}

export function panelsHeight(n: number, width: number, room: Room = usual): number {
  const tall = n === 1 ? Math.max(room.tall, 300) : room.tall;
  return room.top + Math.max(1, Math.ceil(n / columns(n, width, room))) * tall + 8;
}

export function panels(names: readonly string[], look: Look, room: Room = usual): Panel[] {
  const across = columns(names.length, look.width, room);
  const wide = look.width / across;
  const tall = names.length === 1 ? Math.max(room.tall, 300) : room.tall;
  return names.map((name, index) => ({
    name,
    index,
    left: (index % across) * wide + room.left,
    top: room.top + Math.floor(index / across) * tall + room.head,
    width: wide - room.left - 14,
    height: tall - room.head - room.bottom,
    head: room.head,
  }));
}

/** Grids and titles of panels; `under` is a second line of each title. */
export function panelFrame(
  all: readonly Panel[],
  look: Look,
  under: readonly string[] = [],
): Pick<EChartsOption, "grid" | "title"> {
  const t = tokens(look);
  return {
    grid: all.map(({ left, top, width, height }): GridComponentOption => ({ left, top, width, height })),
    title: all.map(({ name, index, left, top, width, head }): TitleComponentOption => ({
      text: short(name, Math.max(8, Math.floor((width + 30) / 7.6))),
      subtext: under[index] ?? "",
      left: left - 36,
      top: top - head,
      padding: 0,
      itemGap: 2,
      textStyle: { fontFamily, fontSize: 12.5, lineHeight: 17, fontWeight: "bold", color: t.ink },
      subtextStyle: { fontFamily, fontSize: 11, lineHeight: 15, color: t.soft },
    })),
  };
}

function columns(n: number, width: number, room: Room): number {
  return Math.max(1, Math.min(n, room.most, Math.floor(width / room.least)));
}

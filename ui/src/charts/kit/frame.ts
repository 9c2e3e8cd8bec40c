// What every option begins with: type, tooltip, axes.
import type { EChartsOption, XAXisComponentOption, YAXisComponentOption } from "echarts";
import { months } from "../../lib/dates";
import { tick } from "../../lib/numbers";
import { tokens, type Look } from "./look";

export const fontFamily =
  "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', 'DejaVu Sans', sans-serif";

/** Animation is off: a reader who scrolls wants the numbers, and a picture must not depend on time. */
export function frame(look: Look): EChartsOption {
  const t = tokens(look);
  return {
    animation: false,
    useUTC: true,
    backgroundColor: "transparent",
    textStyle: { fontFamily, fontSize: 12, color: t.ink },
    tooltip: {
      show: look.interactive,
      trigger: "item",
      renderMode: "richText",
      confine: true,
      backgroundColor: t.paper,
      borderColor: t.ghost,
      padding: [8, 10],
      textStyle: { fontFamily, fontSize: 12, lineHeight: 18, color: t.ink },
      formatter: (params) => tipOf(params),
    },
  };
}

/** The words for a tooltip: those of the first datum under the pointer that carries any. */
function tipOf(params: unknown): string {
  const under: unknown[] = Array.isArray(params) ? params : [params];
  for (const one of under) {
    const data = typeof one === "object" && one !== null && "data" in one ? one.data : null;
    if (typeof data === "object" && data !== null && "tip" in data && typeof data.tip === "string") return data.tip;
  }
  return "";
}

/** Where an axis lies and what it says; anything else of ECharts' own can be added by the caller. */
export interface Scale {
  /** Grid it belongs to. */
  grid?: number;
  /** Unit, in words. */
  name?: string;
  say?: (x: number) => string;
  log?: boolean;
  min?: number;
  max?: number;
  /** Where what is drawn begins and ends, where these are no round numbers to be written on the axis. */
  from?: number | undefined;
  to?: number | undefined;
  /** Whether the axis may begin elsewhere than at 0. */
  free?: boolean;
  /** How many ticks to aim at. */
  ticks?: number;
  /** Whether lines go across the grid; they do. */
  lines?: boolean;
  hidden?: boolean;
}

export function acrossValues(look: Look, scale: Scale): XAXisComponentOption {
  return {
    ...values(look, scale),
    nameLocation: "middle",
    nameGap: 28,
    axisLine: { show: true, lineStyle: { color: tokens(look).ghost } },
  };
}

/** The unit of an upward axis stands above it, from the left edge, so that it is read without turning the head. */
export function upValues(look: Look, scale: Scale): YAXisComponentOption {
  return {
    ...values(look, scale),
    nameLocation: "end",
    nameGap: 20,
    nameTextStyle: { color: tokens(look).soft, fontSize: 11, align: "left", padding: [0, 0, 0, -44] },
    axisLine: { show: false, onZero: false },
  };
}

function values(look: Look, scale: Scale) {
  const t = tokens(look);
  const {
    grid = 0,
    name,
    say = tick,
    log = false,
    free = false,
    ticks = look.width < 520 ? 3 : 5,
    lines = true,
    hidden,
  } = scale;
  const { from, to, min = from, max = to } = scale;
  return {
    gridIndex: grid,
    type: log ? ("log" as const) : ("value" as const),
    name: name ?? "",
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    scale: free,
    splitNumber: ticks,
    show: !hidden,
    nameTextStyle: { color: t.soft, fontSize: 11 },
    axisLabel: { color: t.soft, fontSize: 11, hideOverlap: true, formatter: (x: number) => say(x), ...edges(from, to) },
    axisTick: { show: false },
    splitLine: { show: lines, lineStyle: { color: t.line } },
    minorSplitLine: { show: false },
  };
}

function edges(from?: number, to?: number) {
  return {
    ...(from === undefined || from === 0 ? {} : { showMinLabel: false }),
    ...(to === undefined ? {} : { showMaxLabel: false }),
  };
}

/** Dates, as instants of universal time. */
export function acrossDates(look: Look, grid = 0): XAXisComponentOption {
  const t = tokens(look);
  return {
    gridIndex: grid,
    type: "time",
    axisLabel: { color: t.soft, fontSize: 11, hideOverlap: true, formatter: (x: number) => dateTick(new Date(x)) },
    axisLine: { lineStyle: { color: t.ghost } },
    axisTick: { lineStyle: { color: t.ghost } },
    splitLine: { show: false },
  };
}

function dateTick(at: Date): string {
  const month = months[at.getUTCMonth()] ?? "";
  if (at.getUTCDate() !== 1) return `${at.getUTCDate()} ${month}`;
  return at.getUTCMonth() === 0 ? String(at.getUTCFullYear()) : month;
}

/** Names down the left side, first on top. */
export function downNames(look: Look, names: readonly string[], grid = 0, hidden = false): YAXisComponentOption {
  const t = tokens(look);
  return {
    gridIndex: grid,
    type: "category",
    inverse: true,
    data: [...names],
    axisLabel: { show: !hidden, color: t.ink, fontSize: 12, interval: 0, margin: 10 },
    axisLine: { show: false },
    axisTick: { show: false },
  };
}

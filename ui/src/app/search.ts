// What stands behind the question mark of an address: read, and mended where it makes no sense.
import type { GroupWish } from "../features/plan/wish-groups";

type Raw = Record<string, unknown>;

export interface RootSearch {
  theme?: "light" | "dark";
}

export function rootSearch({ theme }: Raw): RootSearch {
  return theme === "light" || theme === "dark" ? { theme } : {};
}

export interface ResultsSearch {
  channel?: string;
}

export function resultsSearch({ channel }: Raw): ResultsSearch {
  return typeof channel === "string" ? { channel } : {};
}

export interface CompareSearch {
  a?: string;
  b?: string;
}

export function compareSearch({ a, b }: Raw): CompareSearch {
  return { ...(typeof a === "string" && { a }), ...(typeof b === "string" && { b }) };
}

export interface DataSearch {
  /** The sheet of a workbook. */
  sheet?: string;
  /** Roles that differ from what was guessed, by column. */
  roles?: Record<string, string>;
  kind?: "revenue" | "count";
  preset?: string;
  /** Periods kept back. */
  holdout?: number;
  /** Repairs of the data that were asked for. */
  repairs?: Record<string, string>;
}

export function dataSearch({ sheet, roles, kind, preset, holdout, repairs }: Raw): DataSearch {
  const found = words(roles);
  const mended = words(repairs);
  return {
    ...(typeof sheet === "string" && { sheet }),
    ...(Object.keys(found).length > 0 && { roles: found }),
    ...((kind === "revenue" || kind === "count") && { kind }),
    ...(typeof preset === "string" && { preset }),
    ...((isCount(holdout) || holdout === 0) && { holdout }),
    ...(Object.keys(mended).length > 0 && { repairs: mended }),
  };
}

export interface PlanSearch {
  /** The draft that follows what is changed here. */
  draft?: string;
  /** Spend as a share of today's where it is another, by channel. */
  level?: Record<string, number>;
  locked?: string[];
  periods?: number;
  /** Levels of plans to compare, by name. */
  kept?: Record<string, Record<string, number>>;
}

export function planSearch({ draft, level, locked, periods, kept }: Raw): PlanSearch {
  const found = numbers(level);
  return {
    ...(typeof draft === "string" && { draft }),
    ...(Object.keys(found).length > 0 && { level: found }),
    ...(Array.isArray(locked) && locked.length > 0 && { locked: locked.map(String) }),
    ...(isCount(periods) && { periods }),
    ...(pairs(kept).length > 0 && { kept: Object.fromEntries(pairs(kept).map(([name, one]) => [name, numbers(one)])) }),
  };
}

export interface OptimiseSearch {
  /** Plan every region by itself. */
  by?: "geo";
  /** Spend in the rhythm of the last periods, not evenly. */
  rhythm?: "historic";
  groups?: GroupWish[];
  /** The region that is looked at. */
  region?: string;
  /** Length of the periods of the media plan. */
  grain?: string;
  budget?: number;
  target?: number;
  periods?: number;
  change?: number;
  objective?: "mean" | "profit" | "quantile";
  min?: Record<string, number>;
  max?: Record<string, number>;
}

export function optimiseSearch(raw: Raw): OptimiseSearch {
  const { budget, target, periods, change, objective, min, max, by, rhythm, groups, region, grain } = raw;
  const [least, most, sets] = [numbers(min), numbers(max), groupsOf(groups)];
  return {
    ...(by === "geo" && { by }),
    ...(rhythm === "historic" && { rhythm }),
    ...(sets.length > 0 && { groups: sets }),
    ...(typeof region === "string" && { region }),
    ...(typeof grain === "string" && { grain }),
    ...(isAmount(budget) && { budget }),
    ...(isAmount(target) && { target }),
    ...(isCount(periods) && { periods }),
    ...(isAmount(change) && { change }),
    ...((objective === "profit" || objective === "quantile") && { objective }),
    ...(Object.keys(least).length > 0 && { min: least }),
    ...(Object.keys(most).length > 0 && { max: most }),
  };
}

function groupsOf(raw: unknown): GroupWish[] {
  if (!Array.isArray(raw)) return [];
  return raw.map((one: unknown) => {
    const { name, members, min, max } = Object.fromEntries(pairs(one));
    return {
      name: typeof name === "string" ? name : "",
      members: Array.isArray(members) ? members.map(String) : [],
      ...(isShare(min) && { min }),
      ...(isShare(max) && { max }),
    };
  });
}

const isAmount = (x: unknown): x is number => typeof x === "number" && Number.isFinite(x) && x >= 0;
const isShare = (x: unknown): x is number => isAmount(x) && x <= 1;
const isCount = (x: unknown): x is number => isAmount(x) && Number.isInteger(x) && x >= 1 && x <= 520;

function words(raw: unknown): Record<string, string> {
  return Object.fromEntries(pairs(raw).filter((pair): pair is [string, string] => typeof pair[1] === "string"));
}

function numbers(raw: unknown): Record<string, number> {
  return Object.fromEntries(pairs(raw).filter((pair): pair is [string, number] => isAmount(pair[1])));
}

function pairs(raw: unknown): [string, unknown][] {
  return typeof raw === "object" && raw !== null ? Object.entries(raw) : [];
}

export interface ModelSearch {
  /** The draft that follows what is changed here. */
  draft?: string;
  /** The spec as changed here; what was proposed for the data when there is none. */
  spec?: object;
  view?: "toml" | "json";
}

export function modelSearch({ draft, spec, view }: Raw): ModelSearch {
  return {
    ...(typeof draft === "string" && { draft }),
    ...(typeof spec === "object" && spec !== null && { spec }),
    ...((view === "toml" || view === "json") && { view }),
  };
}

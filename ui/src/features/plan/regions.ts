// A plan by region: which cells are looked at, and what the money of each region comes to.
import type { Plan } from "./answers";

export type Move = Plan["moves"][number];
export type Cell = Plan["channels"][number];

/** Indices of the cells of a region; of all cells without one. */
export function cellsOf(plan: Plan, region: string | undefined): number[] {
  const all = plan.channels.map((_, k) => k);
  const own = all.filter((k) => plan.channels[k]?.geo === region);
  return region === undefined || own.length === 0 ? all : own;
}

export const regionsOf = (plan: Plan): string[] => [...new Set(plan.channels.flatMap(({ geo }) => geo ?? []))];

export interface RegionMoney {
  region: string;
  today: number;
  planned: number;
  /** Planned over today, less one; null where nothing is spent today. */
  change: number | null;
}

/** Money is decided, so it adds up; what it brings does not, and is not said here. */
export function moneyByRegion(plan: Plan): RegionMoney[] {
  return regionsOf(plan).map((region) => {
    const own = cellsOf(plan, region);
    const today = own.reduce((sum, k) => sum + (plan.moves[k]?.current.total ?? 0), 0);
    const planned = own.reduce((sum, k) => sum + (plan.channels[k]?.spend.total ?? 0), 0);
    return { region, today, planned, change: today > 0 ? planned / today - 1 : null };
  });
}

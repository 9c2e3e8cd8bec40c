// "I am 90 % sure that 1 brings between 0.5 and 4", there and back.
import type { Schemas } from "../../api/client";

type Effect = Schemas["EffectSpec"];

export interface Belief {
  low: number;
  high: number;
}

/** Standard deviations that leave one in twenty on either side. */
const z90 = 1.6448536269514722;

/** The range that a belief about the return says in so many words; null where it is said in another way. */
export function beliefOf(effect: Effect | null | undefined): Belief | null {
  const prior = effect?.roas;
  if (typeof prior !== "object" || prior === null || !("log_normal" in prior)) return null;
  const args = prior.log_normal;
  if (typeof args !== "object" || Array.isArray(args)) return null;
  const centre = typeof args.median === "number" ? Math.log(args.median) : args.mean_log;
  const spread = args.sd_log;
  if (typeof centre !== "number" || typeof spread !== "number" || !(spread > 0) || !Number.isFinite(centre))
    return null;
  return { low: Math.exp(centre - z90 * spread), high: Math.exp(centre + z90 * spread) };
}

/** The belief as the model takes it. */
export function effectOf({ low, high }: Belief): Effect {
  const median = Math.sqrt(low * high);
  const sd_log = Math.log(high / low) / (2 * z90);
  return { roas: { log_normal: { median: round(median), sd_log: round(sd_log) } } };
}

export const isPossible = ({ low, high }: Belief) => low > 0 && high > low && Number.isFinite(high);

/** Six figures are enough to come back as what was typed. */
const round = (x: number) => Number(x.toPrecision(6));

/** A bound as it is shown: three figures. */
export const shown = (x: number) => String(Number(x.toPrecision(3)));

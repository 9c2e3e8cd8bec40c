// A spec and what a person changes in it. The spec is the only state: form and text show the same thing.
import type { Schemas } from "../../api/client";

export type Spec = Schemas["ModelSpec"];
export type Channel = Schemas["ChannelSpec"];

/** Another kind of model; it says itself what nobody stated, so what was proposed for the old kind goes. */
export function withPreset(spec: Spec, preset: Spec["preset"]): Spec {
  return {
    ...spec,
    preset,
    channel: (spec.channel ?? []).map(bare),
    organic: (spec.organic ?? []).map(bare),
    baseline: eventsOf(spec),
  };
}

const bare = ({ name, spend, exposure, reach, frequency }: Channel): Channel => ({
  name,
  spend,
  exposure,
  reach,
  frequency,
});

function eventsOf({ baseline }: Spec): NonNullable<Spec["baseline"]> {
  return baseline?.events ? { events: baseline.events } : {};
}

export function withChannel(spec: Spec, k: number, part: Partial<Channel>): Spec {
  return { ...spec, channel: (spec.channel ?? []).map((one, at) => (at === k ? { ...one, ...part } : one)) };
}

export const withData = (spec: Spec, part: object): Spec => ({ ...spec, data: { kpi: "", ...spec.data, ...part } });

export const withBaseline = (spec: Spec, part: object): Spec => ({ ...spec, baseline: { ...spec.baseline, ...part } });

/** Waves within a year: 0 for none. */
export const yearlyWaves = ({ baseline }: Spec) =>
  baseline?.seasonality?.find(({ period }) => period === "year")?.order ?? 0;

export function withYearlyWaves(spec: Spec, order: number): Spec {
  const others = (spec.baseline?.seasonality ?? []).filter(({ period }) => period !== "year");
  return withBaseline(spec, { seasonality: order > 0 ? [...others, { period: "year", order }] : others });
}

/** Half the width of nine tenths of a normal distribution, in standard deviations. */
const z90 = 1.6448536269514722;

export interface Belief {
  low: number;
  high: number;
}

/** What is believed of a channel's return, as "90 % sure that it lies between"; null where it is said otherwise. */
export function beliefOf({ effect }: Channel): Belief | null {
  const roas: unknown = effect?.roas;
  if (typeof roas !== "object" || roas === null || !("log_normal" in roas)) return null;
  const prior: unknown = roas.log_normal;
  if (typeof prior !== "object" || prior === null || !("median" in prior) || !("sd_log" in prior)) return null;
  const { median, sd_log } = prior;
  if (typeof median !== "number" || typeof sd_log !== "number") return null;
  return { low: median * Math.exp(-z90 * sd_log), high: median * Math.exp(z90 * sd_log) };
}

export function withBelief(spec: Spec, k: number, { low, high }: Belief): Spec {
  const log_normal = { median: tidy(Math.sqrt(low * high)), sd_log: tidy(Math.log(high / low) / (2 * z90)) };
  return withChannel(spec, k, {
    effect: {
      ...spec.channel?.[k]?.effect,
      beta: null,
      contribution_share: null,
      roas: { log_normal },
    } as Channel["effect"],
  });
}

const tidy = (x: number) => Number(x.toPrecision(8));

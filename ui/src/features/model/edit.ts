// Changes to a spec; each answers with a new one.
import type { Schemas } from "../../api/client";
import { asPreset } from "./words";

export type Spec = Schemas["ModelSpec"];
export type Channel = Schemas["ChannelSpec"];
export type Event = Schemas["EventSpec"];
type Baseline = Schemas["BaselineSpec"];

/** Another starting point: what was proposed for the old one goes, columns and events stay. */
export function withPreset(spec: Spec, preset: Spec["preset"]): Spec {
  const events = spec.baseline?.events;
  return {
    ...spec,
    preset,
    channel: (spec.channel ?? []).map(bare),
    organic: (spec.organic ?? []).map(bare),
    baseline: events ? { events } : {},
  };
}

const bare = ({ name, spend, exposure, reach, frequency }: Channel): Channel => ({
  name,
  spend,
  exposure,
  reach,
  frequency,
});

export const withData = (spec: Spec, data: Partial<Schemas["DataSpec"]>): Spec => ({
  ...spec,
  data: { ...(spec.data as Schemas["DataSpec"]), ...data },
});

export const withChannel = (spec: Spec, at: number, change: Partial<Channel>): Spec => ({
  ...spec,
  channel: (spec.channel ?? []).map((channel, k) => (k === at ? { ...channel, ...change } : channel)),
});

export const withBaseline = (spec: Spec, change: Partial<Baseline>): Spec => ({
  ...spec,
  baseline: { ...spec.baseline, ...change } as Baseline,
});

export const withSampler = (spec: Spec, change: Partial<Schemas["SamplerSpec"]>): Spec => ({
  ...spec,
  sampler: { ...spec.sampler, ...change },
});

/** A shape of the kind chosen: what was said of the same kind stays, another kind starts afresh. */
export function ofKind<T extends { kind?: string }>(now: T | null | undefined, kind: string): T | undefined {
  if (kind === asPreset) return undefined;
  return now?.kind === kind ? now : ({ kind } as T);
}

/** Waves per year, or null where the starting point decides. */
export function wavesOf(spec: Spec): number | null {
  const waves = spec.baseline?.seasonality;
  if (!waves) return null;
  return waves.find(({ period }) => period === undefined || period === "year")?.order ?? 0;
}

/** A yearly pattern of so many waves; patterns of other lengths stay. */
export function withWaves(spec: Spec, order: number): Spec {
  const now = spec.baseline?.seasonality ?? [];
  const yearly = now.find(({ period }) => period === undefined || period === "year");
  const others = now.filter((wave) => wave !== yearly);
  const next = order > 0 ? [{ ...(yearly ?? { period: "year" as const }), order }, ...others] : others;
  return withBaseline(spec, { seasonality: next as Baseline["seasonality"] });
}

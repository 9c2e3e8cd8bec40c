// From columns with roles to what is asked of the model.
import type { Schemas } from "../../api/client";
import { optionsOf, type Repairs } from "./repairs";
import { roleOf, type Changes } from "./roles";

export type Spec = Schemas["ModelSpec"];
type Channel = Schemas["ChannelSpec"];
type Dataset = Schemas["DatasetView"];

export interface Wishes {
  roles: Changes;
  kind?: "revenue" | "count";
  preset?: string;
  /** Periods kept back. */
  holdout?: number;
  repairs?: Repairs;
}

/** The spec that was proposed, with a person's wishes in it. */
export function specOf(dataset: Dataset, { roles, kind, preset, holdout, repairs = {} }: Wishes): Spec {
  const base = (dataset.spec ?? {}) as Partial<Spec>;
  const is = Object.fromEntries(dataset.columns.map((column) => [column.name, roleOf(column, roles)]));
  const named = (role: string) => dataset.columns.map(({ name }) => name).filter((name) => is[name] === role);
  const [time, kpi, geo, population, worth] = ["time", "kpi", "geo", "population", "revenue_per_kpi"].map(
    (role) => named(role)[0],
  );
  const channel = mediaOf(base.channel ?? [], named("spend"), named("exposure"));
  const organic = mediaOf(base.organic ?? [], [], named("organic"));
  const control = keep(base.control ?? [], named("control"), (column) => ({ column }));
  const events = keep(base.baseline?.events ?? [], named("events"), (column) => ({ column }));
  const spec = {
    ...base,
    ...(preset && { preset }),
    data: {
      ...base.data,
      time: time ?? null,
      kpi: kpi ?? "",
      geo: geo ?? null,
      population: population ?? null,
      revenue_per_kpi: worth ?? null,
      ...(kind && { kpi_kind: kind }),
      ...(holdout !== undefined && { holdout }),
      options: { ...base.data?.options, ...optionsOf(repairs) },
    },
    channel,
    organic,
    control,
    baseline: { ...base.baseline, ...(events.length > 0 ? { events } : {}) },
  };
  return spec as Spec;
}

/** Channels that keep their columns, and new ones for columns that have none. */
function mediaOf(old: readonly Channel[], spend: string[], exposure: string[]): Channel[] {
  const media = old.flatMap((one) => {
    const paid = one.spend && spend.includes(one.spend) ? one.spend : null;
    const shown = one.exposure && exposure.includes(one.exposure) ? one.exposure : null;
    if (!paid && !shown && !one.reach) return [];
    const kept: Channel = { ...one, spend: paid, exposure: shown };
    return [paid || !one.spend ? kept : bare(kept)];
  });
  for (const column of spend)
    if (!media.some((one) => one.spend === column)) media.push({ name: nameOf(column), spend: column });
  for (const column of exposure) {
    if (media.some((one) => one.exposure === column || one.reach === column || one.frequency === column)) continue;
    const k = media.findIndex((one) => one.name === nameOf(column) && !one.exposure);
    const whose = media[k];
    if (whose) media[k] = { ...whose, exposure: column };
    else media.push({ name: nameOf(column), exposure: column });
  }
  return media;
}

/** A channel with nothing said but its columns: the preset says the rest. */
const bare = ({ name, spend, exposure, reach, frequency }: Channel): Channel => ({
  name,
  spend,
  exposure,
  reach,
  frequency,
});

function keep<T extends { column?: string | null | undefined }>(
  old: readonly T[],
  wanted: string[],
  fresh: (column: string) => { column: string },
): (T | { column: string })[] {
  const kept = old.filter(({ column }) => !column || wanted.includes(column));
  const missing = wanted.filter((column) => !old.some((one) => one.column === column));
  return [...kept, ...missing.map(fresh)];
}

/** "tv_spend" → "tv" */
export const nameOf = (column: string): string => column.replace(endings, "") || column;

const endings = /([_ .-]+(spend|spent|cost|costs|budget|impressions?|impr|clicks?|exposures?|views|[sip]))+$/i;

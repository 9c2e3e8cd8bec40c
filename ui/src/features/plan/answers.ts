// What the server answers about plans, as far as these pages read it.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, ask, type Schemas } from "../../api/client";

export interface Spread {
  mean: number;
  median: number;
  lower: number;
  upper: number;
}

interface Money {
  total: number;
  per_period: number;
}

export interface CellOutlook {
  name: string;
  channel: string;
  geo?: string;
  spend: Money;
  outcome: Spread;
  roas: Spread | null;
  marginal: Spread;
}

export interface Comparison {
  against: string;
  budget: Money;
  outcome: Spread;
  lift: Spread;
  relative_lift: Spread | null;
  p_better: number;
}

export interface Warning {
  severity: string;
  code: string;
  message: string;
  hint?: string | null;
}

export interface Scenario {
  name: string;
  budget: Money;
  outcome: Spread;
  roas: Spread | null;
  channels: CellOutlook[];
  against_first: Comparison | null;
  p_best: number;
  warnings: Warning[];
}

export interface GroupShare {
  name: string;
  share: number;
  limits: [number | null, number | null];
  binding: "lower" | "upper" | "fixed" | null;
}

export type Schedule = Schemas["Schedule"];

export interface Planned {
  /** What was asked: a plan stays on the page while the next is looked for. */
  request: PlanWish;
  plan: Plan;
  schedules: Schedule[];
}

export interface Plan {
  unit: { kind: string };
  horizon: { periods: number; period: string };
  budget: Money;
  outcome: Spread;
  roas: Spread | null;
  channels: CellOutlook[];
  moves: {
    name: string;
    current: Money;
    change: number | null;
    bounds: [number, number];
    binding: "lower" | "upper" | "fixed" | null;
  }[];
  groups?: GroupShare[];
  comparisons: Comparison[];
  proof: { relative_gap: number } | null;
  warnings: Warning[];
}

export type Ground = Schemas["Ground"];
export type PlanWish = Schemas["PlanRequest"] & { ground: Ground };
type Plans = Schemas["ScenarioRequest"]["plans"];

async function scenarios(fit: string, ground: Ground, plans: Plans, level: number): Promise<Scenario[]> {
  const body = { ground, plans, with_current: true, level };
  const asked = api.POST("/api/v1/fits/{id}/scenarios", { params: { path: { id: fit } }, body });
  const answer = (await ask(asked)) as Schemas["ScenarioAnswer"];
  return answer.scenarios as Scenario[];
}

/** Plans on the same draws; the first of the answer is today's. */
export const scenariosOf = (fit: string, ground: Ground, plans: Plans, level = 0.95) =>
  queryOptions({
    queryKey: ["fits", fit, "scenarios", ground, plans, level],
    queryFn: () => scenarios(fit, ground, plans, level),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    retry: false,
  });

async function plan(fit: string, body: PlanWish): Promise<Planned> {
  const asked = api.POST("/api/v1/fits/{id}/plans", { params: { path: { id: fit } }, body });
  const answer = (await ask(asked)) as Schemas["PlanAnswer"];
  return { request: body, plan: answer.plan as Plan, schedules: answer.schedules };
}

export const planOf = (fit: string, body: PlanWish) =>
  queryOptions({
    queryKey: ["fits", fit, "plan", body],
    queryFn: () => plan(fit, body),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    retry: false,
  });

interface Split {
  byGeo?: boolean;
  rhythm?: "historic" | undefined;
}

/** What is planned over so many periods. */
export const groundOf = (periods: number, { byGeo = false, rhythm }: Split = {}): Ground => ({
  horizon: periods,
  by_geo: byGeo,
  channels: [],
  cost_per_exposure: {},
  ...(rhythm && { flighting: rhythm }),
});

export const usualPeriods = 13;

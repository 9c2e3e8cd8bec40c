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
  comparisons: Comparison[];
  proof: { relative_gap: number } | null;
  warnings: Warning[];
}

type Plans = Schemas["ScenarioRequest"]["plans"];

async function scenarios(fit: string, periods: number, plans: Plans, level: number): Promise<Scenario[]> {
  const body = { ground: groundOf(periods), plans, with_current: true, level };
  const answer = await ask(api.POST("/api/v1/fits/{id}/scenarios", { params: { path: { id: fit } }, body }));
  return answer.scenarios as Scenario[];
}

/** Plans on the same draws; the first of the answer is today's. */
export const scenariosOf = (fit: string, periods: number, plans: Plans, level = 0.95) =>
  queryOptions({
    queryKey: ["fits", fit, "scenarios", periods, plans, level],
    queryFn: () => scenarios(fit, periods, plans, level),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    retry: false,
  });

export const planOf = (fit: string, body: Schemas["PlanRequest"]) =>
  queryOptions({
    queryKey: ["fits", fit, "plan", body],
    queryFn: async () =>
      (await ask(api.POST("/api/v1/fits/{id}/plans", { params: { path: { id: fit } }, body }))).plan as Plan,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    retry: false,
  });

/** What is planned over so many periods. */
export const groundOf = (periods: number): Schemas["Ground"] => ({
  horizon: periods,
  by_geo: false,
  channels: [],
  cost_per_exposure: {},
});

export const usualPeriods = 13;

// The plans on the page, and what can be done with them. Each change is a step back in the browser's history.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { freshName, mostPlans, type DraftPlan } from "./draft-plans";

export interface Plans {
  all: DraftPlan[];
  isFull: boolean;
  add: (level: Record<string, number>, wish?: string) => void;
  change: (at: number, plan: Partial<DraftPlan>) => void;
  remove: (at: number) => void;
}

export function usePlans(): Plans {
  const { plans: all = [] } = useSearch({ from: "/plan/$id/scenarios" });
  const navigate = useNavigate({ from: "/plan/$id/scenarios" });
  const put = (plans: DraftPlan[]) => void navigate({ search: (now) => ({ ...now, plans }), resetScroll: false });
  return {
    all,
    isFull: all.length >= mostPlans,
    add: (level, wish) => put([...all, { name: freshName(all, wish), level }]),
    change: (at, plan) => put(all.map((one, k) => (k === at ? { ...one, ...plan } : one))),
    remove: (at) => put(all.filter((_, k) => k !== at)),
  };
}

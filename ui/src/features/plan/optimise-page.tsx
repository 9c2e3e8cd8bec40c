// The best plan within limits.
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { Pane } from "../kit/pane";
import { groundOf, planOf, scenariosOf, usualPeriods } from "./answers";
import { Best } from "./best";
import { Frame } from "./frame";
import { Limits } from "./limits";
import { Wishes } from "./wishes";

export function OptimisePage() {
  const { id } = useParams({ from: "/plan/$id/optimise" });
  const search = useSearch({ from: "/plan/$id/optimise" });
  const { periods = usualPeriods, budget, target, change = 0.3, objective = "mean", min = {}, max = {} } = search;
  const request: Schemas["PlanRequest"] = {
    ground: groundOf(periods),
    ...(target !== undefined ? { target_roas: target } : budget !== undefined ? { budget } : {}),
    free: false,
    unbounded: false,
    groups: [],
    min,
    max,
    change: { "*": [-change, change] },
    objective,
    ...(objective === "quantile" && { parameter: 0.2 }),
  };
  const today = useQuery(scenariosOf(id, periods, [{ name: "nothing", spend: {} }]));
  const plan = useQuery(planOf(id, request));
  return (
    <Frame id={id} way="optimise" periods={periods}>
      <Wishes today={today.data?.[0]?.budget.total} />
      <Limits channels={today.data?.[0]?.channels ?? []} />
      <Pane query={plan} height={480}>
        {(found) => <Best id={id} plan={found} isStale={plan.isPlaceholderData} />}
      </Pane>
    </Frame>
  );
}

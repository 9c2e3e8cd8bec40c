// The best plan within limits.
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { fit as fitQuery } from "../../api/queries";
import { Pane } from "../kit/pane";
import { groundOf, planOf, scenariosOf, usualPeriods, type CellOutlook, type Ground, type PlanWish } from "./answers";
import { Best } from "./best";
import { Frame } from "./frame";
import { Groups } from "./groups";
import { Limits } from "./limits";
import { Split } from "./split";
import { askedOf, membersOf, type GroupWish } from "./wish-groups";
import { Wishes } from "./wishes";

export function OptimisePage() {
  const { id } = useParams({ from: "/plan/$id/optimise" });
  const search = useSearch({ from: "/plan/$id/optimise" });
  const navigate = useNavigate({ from: "/plan/$id/optimise" });
  const { periods = usualPeriods, by, rhythm, region, grain } = search;
  const { data: fit } = useQuery(fitQuery(id));
  const regions = (fit?.facts as { geos?: string[] } | null | undefined)?.geos ?? [];
  const ground = groundOf(periods, { byGeo: by === "geo" && regions.length > 1, rhythm });
  const today = useQuery(scenariosOf(id, ground, [{ name: "nothing", spend: {} }]));
  const cells = today.data?.[0]?.channels ?? [];
  const request = requestOf(search, ground, cells);
  const plan = useQuery({ ...planOf(id, request), enabled: today.data !== undefined && !today.isPlaceholderData });
  const look = (part: object) =>
    void navigate({ search: (now) => ({ ...now, ...part }), replace: true, resetScroll: false });
  return (
    <Frame id={id} way="optimise" periods={periods}>
      <Split hasRegions={regions.length > 1} />
      <Wishes today={today.data?.[0]?.budget.total} />
      <Limits channels={cells} />
      <Groups members={membersOf(cells)} />
      <Pane query={today} height={480}>
        {() => (
          <Pane query={plan} height={480}>
            {(found) => (
              <Best id={id} found={found} isStale={plan.isPlaceholderData} view={{ region, grain }} onView={look} />
            )}
          </Pane>
        )}
      </Pane>
    </Frame>
  );
}

interface Wish {
  budget?: number;
  target?: number;
  change?: number;
  objective?: "mean" | "profit" | "quantile";
  min?: Record<string, number>;
  max?: Record<string, number>;
  groups?: GroupWish[];
}

/** What is asked for. Limits and groups of what is not planned here are left out. */
function requestOf(wish: Wish, ground: Ground, cells: CellOutlook[]): PlanWish {
  const { budget, target, change = 0.3, objective = "mean", min = {}, max = {}, groups = [] } = wish;
  const names = new Set(cells.map(({ name }) => name));
  const planned = (limits: Record<string, number>) =>
    Object.fromEntries(Object.entries(limits).filter(([name]) => names.has(name)));
  return {
    ground,
    ...(target !== undefined ? { target_roas: target } : budget !== undefined ? { budget } : {}),
    free: false,
    unbounded: false,
    groups: askedOf(groups, membersOf(cells)),
    min: planned(min),
    max: planned(max),
    change: { "*": [-change, change] },
    objective,
    ...(objective === "quantile" && { parameter: 0.2 }),
  };
}

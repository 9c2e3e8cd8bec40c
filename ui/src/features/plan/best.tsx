// The plan that was found: what it brings, how sure that is, and channel by channel.
import { Button, List, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { difference, figure, percent, probability, range } from "../../lib/numbers";
import { Allocation } from "./allocation";
import type { GroupShare, Plan, Planned } from "./answers";
import { ByRegion } from "./by-region";
import { MediaPlan } from "./media-plan";
import { PlanCharts } from "./plan-charts";
import { cellsOf, regionsOf } from "./regions";
import { Figure, Warnings } from "./simulated-outcome";

interface View {
  region?: string | undefined;
  grain?: string | undefined;
}

interface Props {
  id: string;
  found: Planned;
  isStale: boolean;
  /** What of the plan is looked at. */
  view: View;
  onView: (part: View) => void;
}

export function Best({ id, found, isStale, view, onView }: Props) {
  const { plan, request } = found;
  const isByRegion = regionsOf(plan).length > 0;
  const of = cellsOf(plan, view.region);
  return (
    <Stack gap="lg" aria-busy={isStale}>
      <InAll plan={plan} />
      {isByRegion && <ByRegion plan={plan} region={view.region} onRegion={(region) => onView({ region })} />}
      <section>
        <Title order={2} mb="sm">
          {isByRegion ? "By channel and region" : "By channel"}
        </Title>
        <Allocation plan={plan} of={of} />
      </section>
      {!isByRegion && <ToSimulation id={id} plan={plan} />}
      <MediaPlan id={id} found={found} of={of} grain={view.grain} onGrain={(grain) => onView({ grain })} />
      <PlanCharts id={id} plan={plan} ground={request.ground} of={of} />
    </Stack>
  );
}

/** The plan as a whole. */
function InAll({ plan }: { plan: Plan }) {
  const today = plan.comparisons.find(({ against }) => against === "current");
  return (
    <Stack gap="lg" aria-live="polite">
      <dl className="figures">
        <Figure
          what="Spend"
          value={figure(plan.budget.total)}
          unit={today ? `today ${figure(today.budget.total)}` : ""}
        />
        <Figure
          what="Brings"
          value={figure(plan.outcome.mean)}
          interval={range(plan.outcome.lower, plan.outcome.upper)}
        />
        {today && (
          <>
            <Figure
              what="More than today"
              value={difference(today.lift.mean)}
              interval={range(today.lift.lower, today.lift.upper, difference)}
            />
            <Figure what="Better than today" value={probability(today.p_better)} unit="probability" />
          </>
        )}
      </dl>
      {plan.proof && (
        <Text size="sm" className="soft">
          Proven: no other plan within these limits is better by more than {percent(plan.proof.relative_gap)}, as far as
          the model knows.
        </Text>
      )}
      {plan.groups && plan.groups.length > 0 && <GroupShares groups={plan.groups} />}
      <Warnings all={plan.warnings} />
    </Stack>
  );
}

function GroupShares({ groups }: { groups: GroupShare[] }) {
  return (
    <List size="sm" aria-label="Groups">
      {groups.map(({ name, share, limits: [least, most], binding }) => (
        <List.Item key={name}>
          <bdi>{name}</bdi>: {percent(share)} of the money
          {least !== null && `, at least ${percent(least)}`}
          {most !== null && `, at most ${percent(most)}`}
          {binding && ". This limit holds the plan back"}.
        </List.Item>
      ))}
    </List>
  );
}

function ToSimulation({ id, plan }: { id: string; plan: Plan }) {
  const level = Object.fromEntries(
    plan.channels.map(({ name, spend }, k) => [name, spend.total / (plan.moves[k]?.current.total || 1)]),
  );
  return (
    <div>
      <Button
        variant="default"
        renderRoot={(props) => (
          <Link to="/plan/$id/simulate" params={{ id }} search={{ level, periods: plan.horizon.periods }} {...props} />
        )}
      >
        Change it by hand
      </Button>
    </div>
  );
}

// The plan that was found: what it brings, how sure that is, and channel by channel.
import { Button, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { report as reportQuery } from "../../api/queries";
import type { Report } from "../../api/report";
import { difference, figure, percent, probability, range } from "../../lib/numbers";
import { Charts } from "../kit/charts";
import { Pane } from "../kit/pane";
import { Allocation } from "./allocation";
import { scenariosOf, type Plan } from "./answers";
import { outlookOf, spendOf, stepsOf } from "./outlook";
import { Figure, Warnings } from "./simulated-outcome";

export function Best({ id, plan, isStale }: { id: string; plan: Plan; isStale: boolean }) {
  const today = plan.comparisons.find(({ against }) => against === "current");
  return (
    <Stack gap="lg" aria-busy={isStale} aria-live="polite">
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
      <Warnings all={plan.warnings} />
      <Allocation plan={plan} />
      <ToSimulation id={id} plan={plan} />
      <PlanCharts id={id} plan={plan} />
    </Stack>
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

function PlanCharts({ id, plan }: { id: string; plan: Plan }) {
  const { periods } = plan.horizon;
  const steps = useQuery({ ...scenariosOf(id, periods, stepsOf(plan)), placeholderData: undefined });
  const cautious = useQuery({
    ...scenariosOf(id, periods, [{ name: "plan", spend: spendOf(plan) }], 0.8),
    placeholderData: undefined,
  });
  const base = useQuery(reportQuery(id, ["response", "channels"]));
  return (
    <Pane query={base} height={320}>
      {(report) => (
        <Pane query={steps} height={320}>
          {(steps) => (
            <Pane query={cautious}>
              {(cautious) => <Drawn report={withPlan(report, outlookOf(plan, steps, cautious))} />}
            </Pane>
          )}
        </Pane>
      )}
    </Pane>
  );
}

const withPlan = (report: Report, plan: ReturnType<typeof outlookOf>): Report => ({
  ...report,
  exhibits: { ...report.exhibits, plan },
});

function Drawn({ report }: { report: Report }) {
  return <Charts names={["allocation", "gain", "planned-curves"]} report={report} />;
}

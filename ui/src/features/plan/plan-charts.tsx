// The charts of a plan, or of the part of it that is looked at.
import { useQuery } from "@tanstack/react-query";
import { report as reportQuery } from "../../api/queries";
import type { Report } from "../../api/report";
import { Charts } from "../kit/charts";
import { Pane } from "../kit/pane";
import { scenariosOf, type Ground, type Plan } from "./answers";
import { mostSteps, outlookOf, partOf, stepsOf } from "./outlook";

interface Props {
  id: string;
  plan: Plan;
  ground: Ground;
  of: readonly number[];
}

export function PlanCharts({ id, plan, ground, of }: Props) {
  const steps = useQuery({ ...scenariosOf(id, ground, stepsOf(plan, of)), placeholderData: undefined });
  const cautious = useQuery({ ...scenariosOf(id, ground, [partOf(plan, of)], 0.8), placeholderData: undefined });
  const base = useQuery(reportQuery(id, ["response", "channels"]));
  return (
    <Pane query={base} height={320}>
      {(report) => (
        <Pane query={steps} height={320}>
          {(steps) => (
            <Pane query={cautious}>
              {(cautious) => (
                <Charts names={chartsOf(plan, of)} report={withPlan(report, outlookOf(plan, of, steps, cautious))} />
              )}
            </Pane>
          )}
        </Pane>
      )}
    </Pane>
  );
}

/** What each move brings is drawn where it was asked; curves are those of channels, not of regions. */
function chartsOf(plan: Plan, of: readonly number[]): string[] {
  if (of.length > mostSteps) return ["allocation"];
  return plan.channels.some(({ geo }) => geo) ? ["allocation", "gain"] : ["allocation", "gain", "planned-curves"];
}

const withPlan = (report: Report, plan: ReturnType<typeof outlookOf>): Report => ({
  ...report,
  exhibits: { ...report.exhibits, plan },
});

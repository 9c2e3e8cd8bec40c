// Up to five plans side by side, on the same uncertainty.
import { Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { report as reportQuery } from "../../api/queries";
import { Charts } from "../kit/charts";
import { Pane } from "../kit/pane";
import { scenariosOf, usualPeriods, type Scenario } from "./answers";
import { spendAt } from "./draft-plans";
import { Frame } from "./frame";
import { NewPlans } from "./new-plans";
import { PlanGrid } from "./plan-grid";
import { sideBySide, type Weighed } from "./side-by-side";
import { usePlans, type Plans } from "./use-plans";

export function ScenariosPage() {
  const { id } = useParams({ from: "/plan/$id/scenarios" });
  const { periods = usualPeriods } = useSearch({ from: "/plan/$id/scenarios" });
  const today = useQuery(scenariosOf(id, periods, [{ name: "nothing", spend: {} }]));
  return (
    <Frame id={id} way="scenarios" periods={periods}>
      <Pane query={today} height={320}>
        {([today]) => today && <Scenarios id={id} periods={periods} today={today} />}
      </Pane>
    </Frame>
  );
}

interface Props {
  id: string;
  periods: number;
  today: Scenario;
}

function Scenarios({ id, periods, today }: Props) {
  const plans = usePlans();
  const spend = Object.fromEntries(today.channels.map(({ name, spend }) => [name, spend.total]));
  return (
    <Stack gap="lg">
      <Text size="sm" className="soft">
        Plans are not stored on the server: they stand in the address of this page. Bookmark it or send it to keep them.
      </Text>
      <NewPlans id={id} periods={periods} today={spend} plans={plans} />
      {plans.all.length === 0 ? (
        <Text>There is no plan to compare with today’s yet: add one.</Text>
      ) : (
        <Compared id={id} periods={periods} today={today} spend={spend} plans={plans} />
      )}
    </Stack>
  );
}

interface ComparedProps extends Props {
  spend: Record<string, number>;
  plans: Plans;
}

function Compared({ id, periods, today, spend, plans }: ComparedProps) {
  const asked = plans.all.map(({ name, level }) => ({ name, spend: spendAt(level, spend) }));
  const weighed = useQuery(scenariosOf(id, periods, asked));
  const cautious = useQuery(scenariosOf(id, periods, asked, 0.8));
  const about = useQuery(reportQuery(id, ["channels"]));
  const answers = (weighed.data ?? []) as Weighed[];
  return (
    <>
      <Title order={2}>Side by side</Title>
      <PlanGrid today={today} spend={spend} plans={plans} weighed={answers.slice(1)} />
      <Pane query={weighed} height={320}>
        {() => (
          <Pane query={about} height={320}>
            {(report) => {
              const table = sideBySide(answers, cautious.data ?? [], report.about.returns_in_money);
              return (
                <Charts names={["plans"]} report={{ ...report, exhibits: { ...report.exhibits, plans: table } }} />
              );
            }}
          </Pane>
        )}
      </Pane>
    </>
  );
}

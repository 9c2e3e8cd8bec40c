// Ways to begin another plan.
import { Button, Group } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trouble } from "../kit/pane";
import { groundOf, planOf } from "./answers";
import { allAt, levelOf } from "./draft-plans";
import type { Plans } from "./use-plans";

interface Props {
  id: string;
  periods: number;
  today: Record<string, number>;
  plans: Plans;
}

export function NewPlans({ id, periods, today, plans }: Props) {
  const client = useQueryClient();
  const best = useMutation({
    mutationFn: () =>
      client.fetchQuery(
        planOf(id, {
          ground: groundOf(periods),
          free: false,
          unbounded: false,
          groups: [],
          min: {},
          max: {},
          change: { "*": [-0.3, 0.3] },
        }),
      ),
    onSuccess: ({ channels }) =>
      plans.add(
        levelOf(Object.fromEntries(channels.map(({ name, spend }) => [name, spend.total])), today),
        "Best within 30 %",
      ),
  });
  return (
    <>
      <Group gap="sm" role="group" aria-label="Add a plan">
        <Button disabled={plans.isFull} onClick={() => plans.add({})}>
          Add a plan like today’s
        </Button>
        <Button variant="default" disabled={plans.isFull} onClick={() => plans.add(allAt(0.8, today), "20 % less")}>
          20 % less everywhere
        </Button>
        <Button variant="default" disabled={plans.isFull} onClick={() => plans.add(allAt(1.2, today), "20 % more")}>
          20 % more everywhere
        </Button>
        <Button
          variant="default"
          title="The best plan that spends today’s budget and moves no channel by more than 30 %"
          disabled={plans.isFull}
          loading={best.isPending}
          onClick={() => best.mutate()}
        >
          The best, each within 30 %
        </Button>
      </Group>
      <Trouble error={best.error} />
    </>
  );
}

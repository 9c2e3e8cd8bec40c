// When the money of a plan is spent, to be looked at and taken away.
import { Button, Group, NativeSelect, Table, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { stretch } from "../../lib/dates";
import { figure } from "../../lib/numbers";
import { Trouble } from "../kit/pane";
import { Wide } from "../kit/wide";
import type { Plan, Planned, PlanWish, Schedule } from "./answers";
import { saveMediaPlan } from "./save-media-plan";

interface Props {
  id: string;
  found: Planned;
  of: readonly number[];
  grain: string | undefined;
  onGrain: (grain: string) => void;
}

export function MediaPlan({ id, found: { plan, schedules, request }, of, grain, onGrain }: Props) {
  const schedule = schedules.find((one) => one.grain === grain) ?? schedules[0];
  if (!schedule) return null;
  return (
    <section>
      <Title order={2} mb="sm">
        When it is spent
      </Title>
      <Group align="flex-end" mb="sm">
        {schedules.length > 1 && (
          <NativeSelect
            label="By"
            value={schedule.grain}
            data={schedules.map((one) => one.grain)}
            onChange={({ currentTarget: { value } }) => onGrain(value)}
          />
        )}
        <Save id={id} request={request} grain={schedule.grain} />
      </Group>
      <Calendar plan={plan} schedule={schedule} of={of} />
    </section>
  );
}

function Save({ id, request, grain }: { id: string; request: PlanWish; grain: string }) {
  const save = useMutation({
    mutationFn: (format: "csv" | "xlsx") => saveMediaPlan({ id, request, grain, format }),
  });
  return (
    <>
      <Button variant="default" loading={save.isPending} onClick={() => save.mutate("csv")}>
        Media plan as CSV
      </Button>
      <Button variant="default" loading={save.isPending} onClick={() => save.mutate("xlsx")}>
        Media plan as Excel
      </Button>
      <Trouble error={save.error} />
    </>
  );
}

function Calendar({ plan, schedule, of }: { plan: Plan; schedule: Schedule; of: readonly number[] }) {
  return (
    <Wide label={`The plan by ${schedule.grain}`}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Channel</Table.Th>
            <Table.Th className="number">In all</Table.Th>
            {schedule.first.map((date) => (
              <Table.Th key={date} className="number" style={{ whiteSpace: "nowrap" }}>
                {stretch(date, schedule.grain)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {of.map((k) => (
            <Table.Tr key={k}>
              <Table.Th scope="row">
                <bdi>{plan.channels[k]?.name}</bdi>
              </Table.Th>
              <Table.Td className="number">{figure(plan.channels[k]?.spend.total)}</Table.Td>
              {schedule.spend[k]?.map((money, at) => (
                <Table.Td key={at} className="number">
                  {figure(money)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

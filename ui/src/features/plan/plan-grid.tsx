// The money of each plan, channel by channel, and what came of weighing it.
import { Button, Group, Table, TextInput } from "@mantine/core";
import { difference, figure, probability, range } from "../../lib/numbers";
import { AmountField } from "./amount-field";
import type { Scenario, Spread } from "./answers";
import type { Weighed } from "./side-by-side";
import type { Plans } from "./use-plans";

interface Props {
  today: Scenario;
  spend: Record<string, number>;
  plans: Plans;
  /** In the order of the plans; those still being weighed are missing. */
  weighed: Weighed[];
}

export function PlanGrid({ today, spend, plans, weighed }: Props) {
  const of = plans.all.map(({ name }) => weighed.find((one) => one.name === name));
  return (
    <div className="wide">
      <Table miw={300 + 170 * plans.all.length}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Spend</Table.Th>
            <Table.Th className="number">Today</Table.Th>
            {plans.all.map((plan, k) => (
              <Table.Th key={k}>
                <Head name={plan.name} at={k} plans={plans} />
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {Object.entries(spend).map(([channel, now]) => (
            <Table.Tr key={channel}>
              <Table.Th scope="row">
                <bdi>{channel}</bdi>
              </Table.Th>
              <Table.Td className="number">{figure(now)}</Table.Td>
              {plans.all.map(({ name, level }, k) => (
                <Table.Td key={k}>
                  <AmountField
                    aria-label={`${name}: spend of ${channel}`}
                    disabled={now === 0}
                    value={Math.round(now * (level[channel] ?? 1))}
                    onChange={(amount) => plans.change(k, { level: { ...level, [channel]: (amount ?? now) / now } })}
                  />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
          <Outcome
            what="Altogether"
            today={figure(today.budget.total)}
            plans={of.map((p) => p && figure(p.budget.total))}
          />
          <Outcome what="Brings" today={spread(today.outcome)} plans={of.map((p) => p && spread(p.outcome))} />
          <Outcome
            what="More than today"
            today=""
            plans={of.map((p) => p?.against_first && spread(p.against_first.lift, difference))}
          />
          <Outcome
            what="Better than today, probability"
            today=""
            plans={of.map((p) => p?.against_first && probability(p.against_first.p_better))}
          />
          <Outcome what="Best of these, probability" today="" plans={of.map((p) => p && probability(p.p_best))} />
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Head({ name, at, plans }: { name: string; at: number; plans: Plans }) {
  const plan = plans.all[at];
  return (
    <>
      <TextInput
        key={name}
        aria-label={`Name of plan ${at + 1}`}
        defaultValue={name}
        onBlur={({ currentTarget: { value } }) => isFree(value, plans, at) && plans.change(at, { name: value.trim() })}
      />
      <Group gap={4} mt={4} wrap="nowrap">
        <Button
          size="compact-xs"
          variant="default"
          disabled={plans.isFull}
          aria-label={`Copy ${name}`}
          onClick={() => plan && plans.add(plan.level, name)}
        >
          Copy
        </Button>
        <Button size="compact-xs" variant="default" aria-label={`Remove ${name}`} onClick={() => plans.remove(at)}>
          Remove
        </Button>
      </Group>
    </>
  );
}

const isFree = (name: string, plans: Plans, at: number) =>
  name.trim() !== "" &&
  !plans.all.some((plan, k) => k !== at && plan.name === name.trim()) &&
  plans.all[at]?.name !== name.trim();

const spread = ({ mean, lower, upper }: Spread, say: typeof figure = figure) => (
  <>
    {say(mean)}
    <br />
    <span className="range">{range(lower, upper, say)}</span>
  </>
);

interface OutcomeProps {
  what: string;
  today: React.ReactNode;
  plans: React.ReactNode[];
}

function Outcome({ what, today, plans }: OutcomeProps) {
  return (
    <Table.Tr>
      <Table.Th scope="row">{what}</Table.Th>
      <Table.Td className="number">{today}</Table.Td>
      {plans.map((said, k) => (
        <Table.Td key={k} className="number">
          {said}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

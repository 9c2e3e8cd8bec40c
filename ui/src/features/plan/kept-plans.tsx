// Plans worth comparing. They stand in the address of the page and nowhere else.
import { Button, Group, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { difference, figure, probability, range } from "../../lib/numbers";
import { Pane } from "../kit/pane";
import { Wide } from "../kit/wide";
import { groundOf, scenariosOf, type Scenario } from "./answers";

type Kept = Record<string, Record<string, number>>;

const most = 4;
const letters = ["A", "B", "C", "D"];

interface Props {
  id: string;
  periods: number;
  today: Scenario;
}

export function KeptPlans({ id, periods, today }: Props) {
  const { level = {}, kept = {} } = useSearch({ from: "/plan/$id/simulate" });
  const navigate = useNavigate({ from: "/plan/$id/simulate" });
  const put = (part: object) => void navigate({ search: (now) => ({ ...now, ...part }) });
  const free = letters.map((letter) => `Plan ${letter}`).find((name) => !(name in kept));
  const forget = (name: string) =>
    put({ kept: Object.fromEntries(Object.entries(kept).filter(([other]) => other !== name)) });
  return (
    <section>
      <Group mb="xs" mt="lg">
        <Title order={2}>Plans side by side</Title>
        <Button
          size="xs"
          variant="default"
          disabled={!free}
          onClick={() => free && put({ kept: { ...kept, [free]: level } })}
        >
          Keep this plan
        </Button>
      </Group>
      <Text className="soft" size="sm" mb="sm">
        Up to {most} plans are compared. The address of this page holds them, so it can be shared; a draft keeps them.
      </Text>
      {Object.keys(kept).length > 0 && (
        <Comparison
          id={id}
          periods={periods}
          today={today}
          kept={kept}
          onOpen={(name) => put({ level: kept[name] })}
          onForget={forget}
        />
      )}
    </section>
  );
}

interface ComparisonProps extends Props {
  kept: Kept;
  onOpen: (name: string) => void;
  onForget: (name: string) => void;
}

function Comparison({ id, periods, today, kept, onOpen, onForget }: ComparisonProps) {
  const plans = Object.entries(kept).map(([name, level]) => ({
    name,
    spend: Object.fromEntries(today.channels.map(({ name, spend }) => [name, spend.total * (level[name] ?? 1)])),
  }));
  return (
    <Pane query={useQuery(scenariosOf(id, groundOf(periods), plans))}>
      {(all) => (
        <Wide label="Plans side by side">
          <Table miw={720}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Plan</Table.Th>
                <Table.Th className="number">Spend</Table.Th>
                <Table.Th className="number">Brings</Table.Th>
                <Table.Th className="number">More than today</Table.Th>
                <Table.Th className="number">Better than today</Table.Th>
                <Table.Th className="number">Best of all</Table.Th>
                <Table.Th>What to do</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {all.map((one, k) => (
                <Row key={one.name} of={one} isToday={k === 0} onOpen={onOpen} onForget={onForget} />
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      )}
    </Pane>
  );
}

interface RowProps {
  of: Scenario;
  isToday: boolean;
  onOpen: (name: string) => void;
  onForget: (name: string) => void;
}

function Row({ of: { name, budget, outcome, against_first: against, p_best }, isToday, onOpen, onForget }: RowProps) {
  return (
    <Table.Tr>
      <Table.Th scope="row">{isToday ? "Today" : name}</Table.Th>
      <Table.Td className="number">{figure(budget.total)}</Table.Td>
      <Table.Td className="number">
        {figure(outcome.mean)} <span className="range">{range(outcome.lower, outcome.upper)}</span>
      </Table.Td>
      <Table.Td className="number">
        {against && (
          <>
            {difference(against.lift.mean)}{" "}
            <span className="range">{range(against.lift.lower, against.lift.upper, difference)}</span>
          </>
        )}
      </Table.Td>
      <Table.Td className="number">{against && probability(against.p_better)}</Table.Td>
      <Table.Td className="number">{probability(p_best)}</Table.Td>
      <Table.Td>
        {!isToday && (
          <Group gap="xs" wrap="nowrap">
            <Button size="compact-sm" variant="default" aria-label={`Open ${name}`} onClick={() => onOpen(name)}>
              Open
            </Button>
            <Button size="compact-sm" variant="default" aria-label={`Forget ${name}`} onClick={() => onForget(name)}>
              Forget
            </Button>
          </Group>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

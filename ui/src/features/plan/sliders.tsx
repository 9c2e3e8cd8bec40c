// Each channel's spend: by slider, or typed.
import { Button, Checkbox, Group, Slider, Table } from "@mantine/core";
import { figure, percent, range } from "../../lib/numbers";
import { AmountField } from "./amount-field";
import type { CellOutlook, Scenario } from "./answers";
import type { Levels } from "./use-levels";
import { Wide } from "../kit/wide";

interface Props {
  today: Scenario;
  planned: Scenario | undefined;
  levels: Levels;
}

export function Sliders({ today, planned, levels }: Props) {
  return (
    <>
      <Group mt="lg" mb="xs">
        <Button variant="default" size="xs" disabled={!levels.undo} onClick={levels.undo}>
          Undo
        </Button>
        <Button variant="default" size="xs" onClick={levels.reset}>
          Back to today
        </Button>
      </Group>
      <Wide label="Spend by channel">
        <Table verticalSpacing="md" miw={760}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Channel</Table.Th>
              <Table.Th w="34%">Share of today’s spend</Table.Th>
              <Table.Th>Spend</Table.Th>
              <Table.Th className="number">Brings</Table.Th>
              <Table.Th>Keep</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {today.channels.map((cell) => (
              <Row
                key={cell.name}
                today={cell}
                planned={planned?.channels.find(({ name }) => name === cell.name)}
                levels={levels}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </>
  );
}

interface RowProps {
  today: CellOutlook;
  planned: CellOutlook | undefined;
  levels: Levels;
}

function Row({ today, planned, levels }: RowProps) {
  const { name, spend } = today;
  const level = levels.of(name);
  const isLocked = levels.isLocked(name);
  return (
    <Table.Tr>
      <Table.Th scope="row">
        <bdi>{name}</bdi>
      </Table.Th>
      <Table.Td>
        <Slider
          thumbLabel={`Spend of ${name} as a share of today’s`}
          min={0}
          max={300}
          step={1}
          label={(share) => percent(share / 100)}
          marks={[{ value: 100, label: "today" }]}
          mb="md"
          disabled={isLocked}
          value={Math.min(300, Math.round(level * 100))}
          onChange={(share) => levels.set(name, share / 100)}
        />
      </Table.Td>
      <Table.Td>
        <AmountField
          aria-label={`Spend of ${name}`}
          w={130}
          disabled={isLocked || spend.total === 0}
          value={Math.round(spend.total * level)}
          onChange={(amount) => levels.set(name, (amount ?? spend.total) / spend.total)}
        />
        <span className="unit">{percent(level)} of today’s</span>
      </Table.Td>
      <Table.Td className="number">
        {planned && (
          <>
            {figure(planned.outcome.mean)}
            <br />
            <span className="range">{range(planned.outcome.lower, planned.outcome.upper)}</span>
          </>
        )}
      </Table.Td>
      <Table.Td>
        <Checkbox aria-label={`Keep ${name} as it is`} checked={isLocked} onChange={() => levels.toggleLock(name)} />
      </Table.Td>
    </Table.Tr>
  );
}

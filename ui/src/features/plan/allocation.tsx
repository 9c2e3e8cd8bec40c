// The money of a plan, channel by channel, and region by region where it was planned so.
import { Table } from "@mantine/core";
import { change, figure, range } from "../../lib/numbers";
import type { Plan } from "./answers";
import { Wide } from "../kit/wide";

const held: Record<string, string> = { lower: "at its least", upper: "at its most", fixed: "fixed" };

export function Allocation({ plan, of }: { plan: Plan; of: readonly number[] }) {
  const isByGeo = plan.channels.some(({ geo }) => geo);
  return (
    <Wide label="The plan by channel">
      <Table miw={640}>
        <Table.Thead>
          <Table.Tr>
            {isByGeo && <Table.Th>Region</Table.Th>}
            <Table.Th>Channel</Table.Th>
            <Table.Th className="number">Today</Table.Th>
            <Table.Th className="number">Planned</Table.Th>
            <Table.Th className="number">Change</Table.Th>
            <Table.Th className="number">Brings</Table.Th>
            <Table.Th className="number">The next unit of money</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {of.map((k) => (
            <Row key={plan.channels[k]?.name ?? k} plan={plan} at={k} isByGeo={isByGeo} />
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

function Row({ plan, at, isByGeo }: { plan: Plan; at: number; isByGeo: boolean }) {
  const [cell, move] = [plan.channels[at], plan.moves[at]];
  if (!cell) return null;
  const { channel, geo, spend, outcome, marginal } = cell;
  return (
    <Table.Tr>
      {isByGeo && (
        <Table.Td>
          <bdi>{geo}</bdi>
        </Table.Td>
      )}
      <Table.Th scope="row">
        <bdi>{channel}</bdi>
      </Table.Th>
      <Table.Td className="number">{figure(move?.current.total)}</Table.Td>
      <Table.Td className="number">{figure(spend.total)}</Table.Td>
      <Table.Td className="number">
        {change(move?.change)} {move?.binding && <span className="unit">{held[move.binding]}</span>}
      </Table.Td>
      <Table.Td className="number">
        {figure(outcome.mean)} <span className="range">{range(outcome.lower, outcome.upper)}</span>
      </Table.Td>
      <Table.Td className="number">
        {figure(marginal.mean)} <span className="range">{range(marginal.lower, marginal.upper)}</span>
      </Table.Td>
    </Table.Tr>
  );
}

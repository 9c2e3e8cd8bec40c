// The money of a plan, channel by channel.
import { Table } from "@mantine/core";
import { change, figure, range } from "../../lib/numbers";
import type { Plan } from "./answers";
import { Wide } from "../kit/wide";

const held: Record<string, string> = { lower: "at its least", upper: "at its most", fixed: "fixed" };

export function Allocation({ plan }: { plan: Plan }) {
  return (
    <Wide label="The plan by channel">
      <Table miw={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Channel</Table.Th>
            <Table.Th className="number">Today</Table.Th>
            <Table.Th className="number">Planned</Table.Th>
            <Table.Th className="number">Change</Table.Th>
            <Table.Th className="number">Brings</Table.Th>
            <Table.Th className="number">The next unit of money</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {plan.channels.map(({ name, spend, outcome, marginal }, k) => {
            const move = plan.moves[k];
            return (
              <Table.Tr key={name}>
                <Table.Th scope="row">
                  <bdi>{name}</bdi>
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
          })}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

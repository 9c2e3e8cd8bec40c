// Least and most money of a channel, where it is to differ from the rule for all.
import { Accordion, Table } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { figure } from "../../lib/numbers";
import { AmountField } from "./amount-field";
import type { CellOutlook } from "./answers";
import { Wide } from "../kit/wide";

type Bounds = Record<string, number>;

export function Limits({ channels }: { channels: CellOutlook[] }) {
  const { min = {}, max = {} } = useSearch({ from: "/plan/$id/optimise" });
  const navigate = useNavigate({ from: "/plan/$id/optimise" });
  const put = (part: object) => void navigate({ search: (now) => ({ ...now, ...part }) });
  const set = (bounds: Bounds, name: string, amount: number | undefined): Bounds =>
    Object.fromEntries(
      Object.entries({ ...bounds, [name]: amount }).filter((pair): pair is [string, number] => pair[1] !== undefined),
    );
  return (
    <Accordion variant="contained" keepMounted={false} mb="lg">
      <Accordion.Item value="limits">
        <Accordion.Control>Limits of single channels</Accordion.Control>
        <Accordion.Panel>
          <Wide label="Limits by channel">
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Channel</Table.Th>
                  <Table.Th>At least</Table.Th>
                  <Table.Th>At most</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {channels.map(({ name, spend }) => (
                  <Table.Tr key={name}>
                    <Table.Th scope="row">
                      <bdi>{name}</bdi>
                      <br />
                      <span className="unit">today {figure(spend.total)}</span>
                    </Table.Th>
                    <Table.Td>
                      <AmountField
                        aria-label={`${name} at least`}
                        value={min[name]}
                        onChange={(amount) => put({ min: set(min, name, amount) })}
                      />
                    </Table.Td>
                    <Table.Td>
                      <AmountField
                        aria-label={`${name} at most`}
                        value={max[name]}
                        onChange={(amount) => put({ max: set(max, name, amount) })}
                      />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Wide>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

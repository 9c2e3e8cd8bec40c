// Runs, the youngest first.
import { Anchor, Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { moment } from "./moment";
import { StateBadge } from "./state-badge";
import { Wide } from "./wide";

interface Props {
  runs: Schemas["FitLine"][];
  /** What can be done with a run, for a last column. */
  acts?: (run: Schemas["FitLine"]) => React.ReactNode;
}

export function RunsTable({ runs, acts }: Props) {
  return (
    <Wide label="Runs">
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Run</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Started</Table.Th>
            {acts && <Table.Th>What to do</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Table.Tr key={run.id}>
              <Table.Td>
                <Anchor renderRoot={(props) => <Link to="/runs/$id" params={{ id: run.id }} {...props} />}>
                  {run.name}
                </Anchor>
              </Table.Td>
              <Table.Td>
                <StateBadge state={run.state} converged={run.converged} />
              </Table.Td>
              <Table.Td>{moment(run.created)}</Table.Td>
              {acts && <Table.Td>{acts(run)}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

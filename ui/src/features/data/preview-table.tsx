// The first rows of a file.
import { Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { preview } from "../../api/queries";
import { Pane } from "../kit/pane";
import { Wide } from "../kit/wide";

const shown = 6;

export function PreviewTable({ id, sheet }: { id: string; sheet: string | undefined }) {
  return (
    <Pane query={useQuery(preview(id, sheet))}>
      {({ columns, rows }) => (
        <Wide label="The first rows">
          <Table>
            <Table.Thead>
              <Table.Tr>
                {columns.map((column) => (
                  <Table.Th key={column}>{column}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.slice(0, shown).map((row, r) => (
                <Table.Tr key={r}>
                  {row.map((cell, k) => (
                    <Table.Td key={k} style={{ whiteSpace: "nowrap" }}>
                      {text(cell)}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      )}
    </Pane>
  );
}

function text(cell: unknown): string {
  if (typeof cell === "number") return String(Number(cell.toPrecision(8)));
  return cell === null || cell === undefined ? "" : String(cell);
}

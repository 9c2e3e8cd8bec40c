// What to hand on: the report as one file, tables, the fit itself.
import { Anchor, Button, Group, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "../../api/client";
import { fits } from "../../api/queries";
import { moment } from "../kit/moment";
import { Page } from "../kit/page";
import { Pane } from "../kit/pane";
import { Wide } from "../kit/wide";

const tables = ["returns", "contributions", "curves", "summary"];
const forms = [
  { form: "csv", label: "CSV" },
  { form: "xlsx", label: "Excel" },
];

export function ReportsPage() {
  return (
    <Page
      title="Reports"
      lead="One file with every chart that opens anywhere, without this server and without the internet."
    >
      <Pane
        query={useQuery(fits)}
        isEmpty={(all) => !all.some(isDone)}
        empty={<Text className="soft">No run is done yet.</Text>}
      >
        {(all) => (
          <Wide label="Reports by run">
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Run</Table.Th>
                  <Table.Th>Report</Table.Th>
                  <Table.Th>Tables</Table.Th>
                  <Table.Th>For the command line</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {all.filter(isDone).map((fit) => (
                  <Row key={fit.id} fit={fit} />
                ))}
              </Table.Tbody>
            </Table>
          </Wide>
        )}
      </Pane>
    </Page>
  );
}

function Row({ fit: { id, name, created } }: { fit: Schemas["FitLine"] }) {
  const at = `/api/v1/fits/${id}`;
  return (
    <Table.Tr>
      <Table.Td>
        {name}
        <Text size="sm" className="soft">
          {moment(created)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Button
          component="a"
          size="compact-sm"
          href={`${at}/report.html`}
          download={`${name}.html`}
          aria-label={`Download the report of ${name}`}
        >
          Download
        </Button>
      </Table.Td>
      <Table.Td>
        <Group gap="sm">
          {tables.map((table) => (
            <Text key={table} size="sm" span>
              {table}{" "}
              {forms.map(({ form, label }) => (
                <Anchor
                  key={form}
                  href={`${at}/${table}?format=${form}`}
                  download={`${name} ${table}.${form}`}
                  aria-label={`${table} of ${name} as ${label}`}
                  size="sm"
                  mr={6}
                  underline="always"
                >
                  {label}
                </Anchor>
              ))}
            </Text>
          ))}
        </Group>
      </Table.Td>
      <Table.Td>
        <Anchor href={`${at}/file`} download={`${name}.mmm`} size="sm">
          fit file
        </Anchor>
      </Table.Td>
    </Table.Tr>
  );
}

const isDone = ({ state }: Schemas["FitLine"]) => state === "succeeded";

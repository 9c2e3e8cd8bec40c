// What each column is taken for; a wrong guess is mended in place.
import { Button, Group, NativeSelect, Table, Text, Title } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { changed, roleOf, roles as words, type Changes } from "./roles";
import { Wide } from "../kit/wide";
import { Spoken } from "../../components/spoken";

interface Props {
  dataset: Schemas["DatasetView"];
  roles: Changes;
}

const kinds = [
  { value: "", label: "as it looks" },
  { value: "revenue", label: "money" },
  { value: "count", label: "a number of things (orders, sign-ups)" },
];

export function ColumnRoles({ dataset, roles }: Props) {
  const { kind = "" } = useSearch({ from: "/data/$id" });
  const navigate = useNavigate({ from: "/data/$id" });
  const put = (part: object) => void navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  return (
    <section>
      <Title order={2}>What the columns are</Title>
      <Text className="soft" mb="sm">
        Guessed from names and contents. Change what is wrong; the address of this page remembers it.
      </Text>
      <Wide label="What the columns are">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Column</Table.Th>
              <Table.Th>Is</Table.Th>
              <Table.Th>Why</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {dataset.columns.map((column) => (
              <Table.Tr key={column.name}>
                <Table.Th scope="row">
                  <bdi>{column.name}</bdi>
                </Table.Th>
                <Table.Td>
                  <NativeSelect
                    miw={210}
                    aria-label={`What ${column.name} is`}
                    data={words}
                    value={roleOf(column, roles)}
                    onChange={({ currentTarget: { value } }) =>
                      put({ roles: changed(dataset.columns, roles, column.name, value) })
                    }
                  />
                </Table.Td>
                <Table.Td className="soft">
                  {roles[column.name] ? "you said so" : <Spoken text={column.why} />}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      <Group mt="md" align="flex-end">
        <NativeSelect
          label="The outcome is"
          data={kinds}
          value={kind}
          onChange={({ currentTarget: { value } }) => put({ kind: value || undefined })}
        />
        <Button variant="default" disabled={Object.keys(roles).length === 0} onClick={() => put({ roles: undefined })}>
          Back to what was guessed
        </Button>
      </Group>
    </section>
  );
}

// Datasets, and where a new one comes in.
import { Anchor, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { upload, type Schemas } from "../../api/client";
import { datasets } from "../../api/queries";
import { figure } from "../../lib/numbers";
import { moment } from "../kit/moment";
import { Page } from "../kit/page";
import { Pane, Trouble } from "../kit/pane";
import { DropZone } from "./drop-zone";
import { Wide } from "../kit/wide";

export function DataPage() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const add = useMutation({
    mutationFn: upload,
    onSuccess: async ({ id }) => {
      void client.invalidateQueries({ queryKey: datasets.queryKey });
      await navigate({ to: "/data/$id", params: { id } });
    },
  });
  return (
    <Page title="Data" lead="One row per day or week (and region), one column per thing that was measured.">
      <DropZone isBusy={add.isPending} onFile={(file) => add.mutate(file)} />
      <Trouble error={add.error} />
      <Pane
        query={useQuery(datasets)}
        isEmpty={(all) => all.length === 0}
        empty={<Text className="soft">No data yet.</Text>}
      >
        {(all) => <List all={all} />}
      </Pane>
    </Page>
  );
}

function List({ all }: { all: Schemas["DatasetLine"][] }) {
  return (
    <Wide label="Datasets">
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Kind</Table.Th>
            <Table.Th className="number">Kilobytes</Table.Th>
            <Table.Th>Added</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {all.map(({ id, name, kind, bytes, created, is_simulated }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <Anchor renderRoot={(props) => <Link to="/data/$id" params={{ id }} {...props} />}>{name}</Anchor>
              </Table.Td>
              <Table.Td>{is_simulated ? "made up" : kind}</Table.Td>
              <Table.Td className="number">{figure(bytes / 1000)}</Table.Td>
              <Table.Td>{moment(created)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

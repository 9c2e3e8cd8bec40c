// API keys: given out once, revoked for ever.
import { Alert, Button, Code, Group, NativeSelect, NumberInput, Table, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, ask, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { moment } from "../kit/moment";
import { Pane, Trouble } from "../kit/pane";
import { Wide } from "../kit/wide";

export function Keys() {
  return (
    <section>
      <Title order={2} mb="xs">
        API keys
      </Title>
      <NewKey />
      <Pane
        query={useQuery(keys)}
        isEmpty={(all) => all.length === 0}
        empty={<Text className="soft">There is none.</Text>}
      >
        {(all) => (
          <Wide label="API keys">
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>May act as</Table.Th>
                  <Table.Th>Last used</Table.Th>
                  <Table.Th>Ends</Table.Th>
                  <Table.Th>What to do</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {all.map((key) => (
                  <KeyRow key={key.id} of={key} />
                ))}
              </Table.Tbody>
            </Table>
          </Wide>
        )}
      </Pane>
    </section>
  );
}

function NewKey() {
  const client = useQueryClient();
  const [wish, setWish] = useState<Schemas["KeyRequest"]>({ name: "", role: "viewer", days: 90 });
  const create = useMutation({
    mutationFn: () => ask(api.POST("/api/v1/keys", { body: wish })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.queryKey }),
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    create.mutate();
  }
  return (
    <>
      <Group component="form" onSubmit={submit} align="flex-end" mb="md">
        <TextInput
          label="What it is for"
          required
          value={wish.name}
          onChange={({ currentTarget: { value } }) => setWish({ ...wish, name: value })}
        />
        <NativeSelect
          label="May act as"
          data={["viewer", "analyst", "admin"]}
          value={wish.role}
          onChange={({ currentTarget: { value } }) => setWish({ ...wish, role: value as Schemas["Role"] })}
        />
        <NumberInput
          label="Days it lasts"
          min={1}
          max={3650}
          allowDecimal={false}
          w={120}
          value={wish.days ?? ""}
          onChange={(days) => setWish({ ...wish, days: typeof days === "number" ? days : null })}
        />
        <Button type="submit" loading={create.isPending}>
          Create a key
        </Button>
      </Group>
      <Trouble error={create.error} />
      {create.data && (
        <Alert title="Copy it now: it is shown this once" color="blue" mb="md">
          <Code>{create.data.key}</Code>
        </Alert>
      )}
    </>
  );
}

function KeyRow({ of: key }: { of: Schemas["KeyView"] }) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => ask(api.DELETE("/api/v1/keys/{id}", { params: { path: { id: key.id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.queryKey }),
  });
  const sure = () => confirm(`Revoke “${key.name}”? Programs that use it are shut out at once.`) && revoke.mutate();
  return (
    <Table.Tr>
      <Table.Td>{key.name}</Table.Td>
      <Table.Td>{key.role}</Table.Td>
      <Table.Td>{key.last_used ? moment(key.last_used) : "never"}</Table.Td>
      <Table.Td>{key.expires ? moment(key.expires) : "never"}</Table.Td>
      <Table.Td>
        {key.revoked ? (
          "revoked"
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            loading={revoke.isPending}
            onClick={sure}
            aria-label={`Revoke ${key.name}`}
          >
            Revoke
          </Button>
        )}
        <Trouble error={revoke.error} />
      </Table.Td>
    </Table.Tr>
  );
}

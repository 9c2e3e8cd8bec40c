// Who is told when a run is over: made with a secret that is shown once, watched, removed.
import { Alert, Button, Checkbox, Code, Group, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, ask, type Schemas } from "../../api/client";
import { webhooks } from "../../api/queries";
import { Pane, Trouble } from "../kit/pane";
import { Wide } from "../kit/wide";
import { Deliveries } from "./deliveries";

type Topic = Schemas["Topic"];

const topics: { value: Topic; label: string }[] = [
  { value: "job.succeeded", label: "is done" },
  { value: "job.failed", label: "failed" },
  { value: "job.cancelled", label: "was cancelled" },
];
const wordOf = (topic: string) => topics.find(({ value }) => value === topic)?.label ?? topic;

export function Webhooks() {
  return (
    <section aria-label="Webhooks">
      <Title order={2} mb="xs">
        Webhooks
      </Title>
      <Text size="sm" className="soft" mb="sm">
        Another server is told when a run is over.
      </Text>
      <NewWebhook />
      <Pane
        query={useQuery(webhooks)}
        isEmpty={(all) => all.length === 0}
        empty={<Text className="soft">There is none.</Text>}
      >
        {(all) => (
          <Wide label="Webhooks">
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Address</Table.Th>
                  <Table.Th>When a run</Table.Th>
                  <Table.Th>Last told</Table.Th>
                  <Table.Th>What to do</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {all.map((hook) => (
                  <Row key={hook.id} hook={hook} />
                ))}
              </Table.Tbody>
            </Table>
          </Wide>
        )}
      </Pane>
    </section>
  );
}

function NewWebhook() {
  const client = useQueryClient();
  const [url, setUrl] = useState("");
  const [wanted, setWanted] = useState<string[]>(topics.map(({ value }) => value));
  const create = useMutation({
    mutationFn: () => ask(api.POST("/api/v1/webhooks", { body: { url: url.trim(), topics: wanted as Topic[] } })),
    onSuccess: () => {
      setUrl("");
      return client.invalidateQueries({ queryKey: webhooks.queryKey, exact: true });
    },
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    create.mutate();
  }
  return (
    <Stack component="form" onSubmit={submit} gap="sm" mb="md" align="flex-start">
      <TextInput
        label="Address to tell"
        placeholder="https://"
        type="url"
        required
        w={{ base: "100%", sm: 420 }}
        value={url}
        onChange={({ currentTarget: { value } }) => setUrl(value)}
      />
      <Checkbox.Group label="When a run" value={wanted} onChange={setWanted}>
        <Group gap="md" mt={4}>
          {topics.map(({ value, label }) => (
            <Checkbox key={value} value={value} label={label} />
          ))}
        </Group>
      </Checkbox.Group>
      <Button type="submit" disabled={wanted.length === 0} loading={create.isPending}>
        Create a webhook
      </Button>
      <Trouble error={create.error} />
      {create.data && (
        <Alert title="Copy the secret now: it is shown this once" color="blue">
          <Code>{create.data.secret}</Code>
          <Text size="sm" mt="xs">
            It signs what is sent, so that the other server knows that it comes from here.
          </Text>
        </Alert>
      )}
    </Stack>
  );
}

function Row({ hook: { id, url, topics } }: { hook: Schemas["WebhookView"] }) {
  const client = useQueryClient();
  const path = { params: { path: { id } } };
  const remove = useMutation({
    mutationFn: () => ask(api.DELETE("/api/v1/webhooks/{id}", path)),
    onSuccess: () => client.invalidateQueries({ queryKey: webhooks.queryKey, exact: true }),
  });
  const ping = useMutation({
    mutationFn: () => ask(api.POST("/api/v1/webhooks/{id}/ping", path)),
    onSuccess: () => client.invalidateQueries({ queryKey: ["webhooks", id] }),
  });
  const sure = () => confirm(`Remove the webhook to ${url}? It is told nothing any more.`) && remove.mutate();
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: "anywhere", minWidth: 180 }}>{url}</Table.Td>
      <Table.Td>{topics.map(wordOf).join(", ")}</Table.Td>
      <Table.Td>
        <Deliveries id={id} />
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <Button
            size="compact-sm"
            variant="default"
            loading={ping.isPending}
            aria-label={`Send a test to ${url}`}
            onClick={() => ping.mutate()}
          >
            Send a test
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            loading={remove.isPending}
            aria-label={`Remove ${url}`}
            onClick={sure}
          >
            Remove
          </Button>
        </Group>
        <Trouble error={remove.error ?? ping.error} />
      </Table.Td>
    </Table.Tr>
  );
}

// Where one begins: what to do next, a demo, the last runs.
import { Anchor, Button, Group, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { api, ask, type Schemas } from "../../api/client";
import { datasets, fits, isUnderWay } from "../../api/queries";
import { moment } from "../kit/moment";
import { Page } from "../kit/page";
import { Pane, Trouble } from "../kit/pane";
import { RunsTable } from "../kit/runs-table";

export function HomePage() {
  const runs = useQuery(fits);
  const data = useQuery(datasets);
  return (
    <Page
      title="What did advertising bring?"
      lead="Bring your data, let the model learn from it, and plan what comes next."
    >
      <NextStep runs={runs.data ?? []} data={data.data ?? []} />
      <section>
        <Title order={2} mb="sm">
          Last runs
        </Title>
        <Pane query={runs} isEmpty={(all) => all.length === 0} empty={<Text className="soft">No run yet.</Text>}>
          {(all) => <RunsTable runs={all.slice(0, 5)} />}
        </Pane>
      </section>
      <section>
        <Title order={2} mb="sm">
          Data
        </Title>
        <Pane query={data} isEmpty={(all) => all.length === 0} empty={<Text className="soft">No data yet.</Text>}>
          {(all) => (
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>Added</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {all.slice(0, 5).map(({ id, name, created }) => (
                  <Table.Tr key={id}>
                    <Table.Td>
                      <Anchor renderRoot={(props) => <Link to="/data/$id" params={{ id }} {...props} />}>{name}</Anchor>
                    </Table.Td>
                    <Table.Td>{moment(created)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </Pane>
      </section>
    </Page>
  );
}

interface Have {
  runs: Schemas["FitLine"][];
  data: Schemas["DatasetLine"][];
}

function NextStep({ runs, data }: Have) {
  const done = runs.find(({ state }) => state === "succeeded");
  const live = runs.find(({ state }) => isUnderWay(state));
  const newest = data[0];
  return (
    <Paper withBorder p="lg" component="section" aria-label="Next step">
      <Stack gap="sm">
        {live ? (
          <Step says={`“${live.name}” is being computed.`}>
            <Button renderRoot={(props) => <Link to="/runs/$id" params={{ id: live.id }} {...props} />}>
              Watch it
            </Button>
          </Step>
        ) : done ? (
          <Step says={`“${done.name}” is ready: see what each channel earned, then plan.`}>
            <Button
              renderRoot={(props) => (
                <Link to="/results/$id/$tab" params={{ id: done.id, tab: "overview" }} {...props} />
              )}
            >
              See results
            </Button>
            <Button
              variant="default"
              renderRoot={(props) => <Link to="/plan/$id/optimise" params={{ id: done.id }} {...props} />}
            >
              Plan
            </Button>
          </Step>
        ) : newest ? (
          <Step says={`“${newest.name}” is here: check what its columns mean and start a run.`}>
            <Button renderRoot={(props) => <Link to="/data/$id" params={{ id: newest.id }} {...props} />}>
              Check it
            </Button>
          </Step>
        ) : (
          <Step says="Begin with a file of your own: one row per day or week, with a column of spend per channel.">
            <Button renderRoot={(props) => <Link to="/data" {...props} />}>Add data</Button>
          </Step>
        )}
        <Demo />
      </Stack>
    </Paper>
  );
}

function Step({ says, children }: { says: string; children: React.ReactNode }) {
  return (
    <>
      <Text fw={600}>{says}</Text>
      <Group gap="sm">{children}</Group>
    </>
  );
}

/** A market whose truth is known: simulated, modelled, and shown. */
function Demo() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const demo = useMutation({
    mutationFn: async () => {
      const { id } = await ask(api.POST("/api/v1/simulations", { body: { preset: "recoverable", seed: 1 } }));
      return ask(api.POST("/api/v1/fits", { body: { dataset: id, name: "Demo" } }));
    },
    onSuccess: async (fit) => {
      void client.invalidateQueries();
      await navigate({ to: "/runs/$id", params: { id: fit.id } });
    },
  });
  return (
    <>
      <Group gap="sm">
        <Button variant="default" loading={demo.isPending} onClick={() => demo.mutate()}>
          Try a demo
        </Button>
        <Text className="soft" size="sm">
          Four years of a made-up shop with four channels; takes well under a minute.
        </Text>
      </Group>
      <Trouble error={demo.error} />
    </>
  );
}

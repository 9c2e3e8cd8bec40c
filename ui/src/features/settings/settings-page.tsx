// Who you are, and the keys of programs that ask the server.
import { Anchor, Button, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ask, type Schemas } from "../../api/client";
import { session } from "../../api/queries";
import { Page } from "../kit/page";
import { Pane, Trouble } from "../kit/pane";
import { Keys } from "./keys";
import { Webhooks } from "./webhooks";

export function SettingsPage() {
  return (
    <Page title="Settings">
      <Pane query={useQuery(session)}>
        {(who) => (
          <>
            <Who who={who} />
            {who.role === "admin" && <Keys />}
            {who.role === "admin" && <Webhooks />}
          </>
        )}
      </Pane>
      <section>
        <Title order={2} mb="xs">
          For programs
        </Title>
        <Text>
          Everything here can also be asked by a program:{" "}
          <Anchor href="/docs" underline="always">
            how to ask the server
          </Anchor>
          . The theme is chosen at the top of every page; it stands in the address, nothing is stored in your browser.
        </Text>
      </section>
    </Page>
  );
}

const may: Record<Schemas["Role"], string> = {
  viewer: "look at everything",
  analyst: "look at everything, upload, run and remove",
  admin: "do everything, and give out keys and logins",
};

function Who({ who }: { who: Schemas["SessionView"] }) {
  const client = useQueryClient();
  const leave = useMutation({
    mutationFn: () => ask(api.DELETE("/api/v1/session")),
    onSuccess: () => client.resetQueries(),
  });
  const isLocal = who.name === "local";
  return (
    <section>
      <Title order={2} mb="xs">
        You
      </Title>
      <Text mb="sm">
        {isLocal ? "Nobody has to log in on this machine: you" : "You are logged in and"} may {may[who.role]}.
      </Text>
      {!isLocal && (
        <Button variant="default" loading={leave.isPending} onClick={() => leave.mutate()}>
          Log out
        </Button>
      )}
      <Trouble error={leave.error} />
    </section>
  );
}

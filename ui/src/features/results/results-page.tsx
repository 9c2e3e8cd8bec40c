// What a run found: in short, by channel, and whether to believe it.
import { Tabs } from "@mantine/core";
import { Navigate, useNavigate, useParams } from "@tanstack/react-router";
import { FitPicker } from "../kit/fit-picker";
import { Latest } from "../kit/latest";
import { Page } from "../kit/page";
import { Channels } from "./channels";
import { Diagnostics } from "./diagnostics";
import { Overview } from "./overview";

export function LatestResults() {
  return (
    <Latest title="Results">
      {(id) => <Navigate to="/results/$id/$tab" params={{ id, tab: "overview" }} replace />}
    </Latest>
  );
}

export function ResultsPage() {
  const { id, tab } = useParams({ from: "/results/$id/$tab" });
  const navigate = useNavigate();
  const go = (params: { id: string; tab: string }) => void navigate({ to: "/results/$id/$tab", params });
  return (
    <Page title="Results" actions={<FitPicker id={id} onChange={(id) => go({ id, tab })} />}>
      <Tabs value={tab} onChange={(tab) => tab && go({ id, tab })} keepMounted={false}>
        <Tabs.List mb="lg">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="channels">Channels</Tabs.Tab>
          <Tabs.Tab value="diagnostics">Diagnostics</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <Overview id={id} />
        </Tabs.Panel>
        <Tabs.Panel value="channels">
          <Channels id={id} />
        </Tabs.Panel>
        <Tabs.Panel value="diagnostics">
          <Diagnostics id={id} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

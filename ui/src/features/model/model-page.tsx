// The model before it is run: by form or as text, checked against the data as it changes.
import { Tabs, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Navigate, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { dataset as datasetQuery, datasets } from "../../api/queries";
import { useCheck } from "../kit/check";
import { Findings } from "../kit/findings";
import { Page } from "../kit/page";
import { Pane } from "../kit/pane";
import { StartRun } from "../kit/start-run";
import { BaselineForm } from "./baseline-form";
import { ChannelsForm } from "./channels-form";
import { NoData } from "./no-data";
import type { Spec } from "./patch";
import { Size } from "./size";
import { SpecText } from "./spec-text";

export function LatestModel() {
  return (
    <Pane query={useQuery(datasets)}>
      {([newest]) => (newest ? <Navigate to="/model/$id" params={{ id: newest.id }} replace /> : <NoData />)}
    </Pane>
  );
}

export function ModelPage() {
  const { id } = useParams({ from: "/model/$id" });
  return <Pane query={useQuery(datasetQuery(id))}>{(found) => <Model key={id} dataset={found} />}</Pane>;
}

function Model({ dataset }: { dataset: Schemas["DatasetView"] }) {
  const { spec: stated } = useSearch({ from: "/model/$id" });
  const navigate = useNavigate({ from: "/model/$id" });
  const spec = (stated ?? dataset.spec ?? { data: { kpi: "" } }) as Spec;
  const put = (next: Spec) => void navigate({ search: (now) => ({ ...now, spec: { ...next } }), replace: true });
  const { query, isReady } = useCheck(dataset.id, spec);
  const findings = query.data?.findings ?? [];
  const resolved = (query.data?.spec ?? null) as Spec | null;
  return (
    <Page
      title="Model"
      lead={`How ${dataset.name} is to be explained. The address of this page remembers your changes.`}
    >
      <Tabs defaultValue="form" keepMounted={false}>
        <Tabs.List mb="lg">
          <Tabs.Tab value="form">Form</Tabs.Tab>
          <Tabs.Tab value="text">Text</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="form">
          <BaselineForm spec={spec} onChange={put} />
          <ChannelsForm spec={spec} resolved={resolved} findings={findings} onChange={put} />
        </Tabs.Panel>
        <Tabs.Panel value="text">
          <SpecText spec={spec} onChange={put} />
        </Tabs.Panel>
      </Tabs>
      <section>
        <Title order={2} mb="sm">
          What the data say to it
        </Title>
        <Pane query={query}>
          {(answer) => (
            <>
              <Findings findings={answer.findings} facts={answer.facts} />
              <Size facts={answer.facts} />
            </>
          )}
        </Pane>
      </section>
      <StartRun dataset={dataset} spec={spec} isReady={isReady} />
    </Page>
  );
}

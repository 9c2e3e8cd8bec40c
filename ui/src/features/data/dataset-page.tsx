// One dataset: its rows, what its columns are, what is odd about it, and a run from it.
import { Button, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { api, ask, type Schemas } from "../../api/client";
import { dataset as datasetQuery, datasets } from "../../api/queries";
import { count } from "../../lib/numbers";
import { Page } from "../kit/page";
import { Pane, Trouble } from "../kit/pane";
import { ColumnRoles } from "./column-roles";
import { PreviewTable } from "./preview-table";
import { SheetPicker } from "./sheet-picker";
import { StartRun } from "./start-run";
import { specOf } from "./spec";

export function DatasetPage() {
  const { id } = useParams({ from: "/data/$id" });
  const { sheet } = useSearch({ from: "/data/$id" });
  return <Pane query={useQuery(datasetQuery(id, sheet))}>{(found) => <One dataset={found} />}</Pane>;
}

function One({ dataset }: { dataset: Schemas["DatasetView"] }) {
  const { roles = {}, kind, preset, holdout, repairs = {} } = useSearch({ from: "/data/$id" });
  const spec = specOf(dataset, {
    roles,
    repairs,
    ...(kind && { kind }),
    ...(preset && { preset }),
    ...(holdout !== undefined && { holdout }),
  });
  return (
    <Page
      title={dataset.name}
      lead={`${count(dataset.rows)} rows, ${dataset.columns.length} columns`}
      actions={<Remove dataset={dataset} />}
    >
      <section>
        <Title order={2} mb="sm">
          The first rows
        </Title>
        <SheetPicker sheets={dataset.sheets} sheet={dataset.sheet ?? undefined} />
        <PreviewTable id={dataset.id} sheet={dataset.sheet ?? undefined} />
      </section>
      <ColumnRoles dataset={dataset} roles={roles} />
      <StartRun key={dataset.sheet} dataset={dataset} spec={spec} />
    </Page>
  );
}

function Remove({ dataset: { id, name } }: { dataset: Schemas["DatasetView"] }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => ask(api.DELETE("/api/v1/datasets/{id}", { params: { path: { id } } })),
    onSuccess: async () => {
      await navigate({ to: "/data" });
      await client.invalidateQueries({ queryKey: datasets.queryKey });
    },
  });
  const sure = () => confirm(`Remove “${name}”? It cannot be brought back.`) && remove.mutate();
  return (
    <>
      <Button variant="default" loading={remove.isPending} onClick={sure}>
        Remove
      </Button>
      <Trouble error={remove.error} />
    </>
  );
}

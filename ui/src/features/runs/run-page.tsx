// One run: live while it is computed, then what came of it.
import { Alert, Button, Group, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { api, ask, type Schemas } from "../../api/client";
import { isOver } from "../../api/job";
import { fit as fitQuery, fits } from "../../api/queries";
import { Page } from "../kit/page";
import { Pane, Trouble } from "../kit/pane";
import { StateBadge } from "../kit/state-badge";
import { useJob } from "../kit/use-job";
import { Spoken } from "../../components/spoken";
import { Live } from "./live";
import { Outcome } from "./outcome";

export function RunPage() {
  const { id } = useParams({ from: "/runs/$id" });
  return <Pane query={useQuery(fitQuery(id))}>{(fit) => <Run fit={fit} />}</Pane>;
}

function Run({ fit }: { fit: Schemas["FitView"] }) {
  const job = useJob(fit.job);
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => ask(api.POST("/api/v1/jobs/{id}/cancel", { params: { path: { id: fit.job } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["jobs", fit.job] }),
  });
  const state = job.data?.state ?? fit.state;
  return (
    <Page
      title={fit.name}
      lead={<StateBadge state={state} />}
      actions={
        isOver(state) ? (
          <Remove fit={fit} />
        ) : (
          <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel this run
          </Button>
        )
      }
    >
      <Trouble error={cancel.error} />
      <Pane query={job}>
        {(job) => (
          <>
            {job.state === "succeeded" && <Done id={fit.id} />}
            {job.state === "failed" && (
              <Alert color="red" title="This run failed">
                <Spoken text={job.problem?.detail ?? job.problem?.title ?? "The server gave no reason."} />
              </Alert>
            )}
            {job.state === "cancelled" && <Text>It was cancelled; nothing of it was kept.</Text>}
            {!isOver(job.state) && <Live job={job} />}
            {job.state === "succeeded" && <Outcome id={fit.id} />}
          </>
        )}
      </Pane>
    </Page>
  );
}

function Done({ id }: { id: string }) {
  return (
    <Group gap="sm">
      <Button renderRoot={(props) => <Link to="/results/$id/$tab" params={{ id, tab: "overview" }} {...props} />}>
        See results
      </Button>
      <Button variant="default" renderRoot={(props) => <Link to="/plan/$id/simulate" params={{ id }} {...props} />}>
        Plan with it
      </Button>
    </Group>
  );
}

function Remove({ fit }: { fit: Schemas["FitView"] }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => ask(api.DELETE("/api/v1/fits/{id}", { params: { path: { id: fit.id } } })),
    onSuccess: async () => {
      await navigate({ to: "/runs" });
      await client.invalidateQueries({ queryKey: fits.queryKey });
    },
  });
  const sure = () => confirm(`Remove “${fit.name}”? It cannot be brought back.`) && remove.mutate();
  return (
    <>
      <Button variant="default" loading={remove.isPending} onClick={sure}>
        Remove
      </Button>
      <Trouble error={remove.error} />
    </>
  );
}

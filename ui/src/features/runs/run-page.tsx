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
  const state = job.data?.state ?? fit.state;
  return (
    <Page
      title={fit.name}
      lead={<StateBadge state={state} />}
      actions={isOver(state) ? <Remove fit={fit} /> : <Control job={fit.job} state={state} />}
    >
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
            {job.state === "paused" && (
              <Text>It stands still and keeps what it has learnt, as long as the server runs.</Text>
            )}
            {!isOver(job.state) && <Live job={job} />}
            {job.state === "succeeded" && <Outcome id={fit.id} />}
          </>
        )}
      </Pane>
    </Page>
  );
}

/** Pause, go on, stop. */
function Control({ job: id, state }: { job: string; state: string }) {
  const client = useQueryClient();
  const wish = useMutation({
    mutationFn: (what: "pause" | "resume" | "cancel") =>
      ask(api.POST(`/api/v1/jobs/{id}/${what}`, { params: { path: { id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: fits.queryKey });
      return client.invalidateQueries({ queryKey: ["jobs", id] });
    },
  });
  const isWished = (what: string) => wish.isPending && wish.variables === what;
  const canPause = state === "running" || state === "queued";
  return (
    <>
      {canPause && (
        <Button variant="default" loading={isWished("pause")} onClick={() => wish.mutate("pause")}>
          Pause
        </Button>
      )}
      {state === "paused" && (
        <Button loading={isWished("resume")} onClick={() => wish.mutate("resume")}>
          Resume
        </Button>
      )}
      <Button variant="default" loading={isWished("cancel")} onClick={() => wish.mutate("cancel")}>
        Cancel this run
      </Button>
      <Trouble error={wish.error} />
    </>
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

// The spec held against the data, and a run from it.
import { Button, Group, NativeSelect, NumberInput, Text, TextInput, Title } from "@mantine/core";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask, type Schemas } from "../../api/client";
import { fits } from "../../api/queries";
import { Pane, Trouble } from "../kit/pane";
import { Findings } from "./findings";
import type { Spec } from "./spec";

interface Props {
  dataset: Schemas["DatasetView"];
  spec: Spec;
}

export function StartRun({ dataset, spec }: Props) {
  const check = useQuery({
    queryKey: ["check", dataset.id, spec],
    queryFn: () => ask(api.POST("/api/v1/specs/check", { body: { dataset: dataset.id, spec } })),
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <>
      <section>
        <Title order={2} mb="sm">
          What to know before a run
        </Title>
        <Pane query={check}>
          {(answer) => <Findings findings={[...dataset.findings, ...answer.findings]} facts={answer.facts} />}
        </Pane>
      </section>
      <Start dataset={dataset} spec={spec} isReady={check.data?.ok === true && !check.isPlaceholderData} />
    </>
  );
}

function Start({ dataset, spec, isReady }: Props & { isReady: boolean }) {
  const { preset, holdout } = useSearch({ from: "/data/$id" });
  const navigate = useNavigate({ from: "/data/$id" });
  const client = useQueryClient();
  const [name, setName] = useState(dataset.name.replace(/\.\w+$/, ""));
  const presets = useQuery({
    queryKey: ["presets"],
    queryFn: () => ask(api.GET("/api/v1/specs/presets")),
    staleTime: Infinity,
  });
  const start = useMutation({
    mutationFn: () => ask(api.POST("/api/v1/fits", { body: { dataset: dataset.id, spec, name } })),
    onSuccess: async ({ id }) => {
      void client.invalidateQueries({ queryKey: fits.queryKey });
      await navigate({ to: "/runs/$id", params: { id } });
    },
  });
  const put = (part: object) => void navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  return (
    <section>
      <Title order={2} mb="sm">
        Start a run
      </Title>
      <Group align="flex-end">
        <TextInput label="Name" value={name} onChange={({ currentTarget: { value } }) => setName(value)} />
        <NativeSelect
          label="Kind of model"
          data={presets.data?.items.map((one) => one.name) ?? ["standard"]}
          value={preset ?? spec.preset ?? "standard"}
          onChange={({ currentTarget: { value } }) => put({ preset: value })}
        />
        <NumberInput
          label="Periods kept back as a test"
          min={0}
          max={520}
          allowDecimal={false}
          w={200}
          value={holdout ?? spec.data?.holdout ?? 0}
          onChange={(value) => put({ holdout: typeof value === "number" ? value : undefined })}
        />
        <Button disabled={!isReady} loading={start.isPending} onClick={() => start.mutate()}>
          Start
        </Button>
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/model/$id" params={{ id: dataset.id }} search={{ spec }} {...props} />}
        >
          Change what the model assumes
        </Button>
      </Group>
      {!isReady && (
        <Text className="soft" size="sm" mt="xs">
          A run can start once nothing above is an error.
        </Text>
      )}
      <Trouble error={start.error} />
    </section>
  );
}

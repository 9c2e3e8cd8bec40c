// A run from a spec, once nothing stands against it.
import { Button, Group, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { api, ask, type Schemas } from "../../api/client";
import { fits } from "../../api/queries";
import { Trouble } from "./pane";

interface Props {
  dataset: Schemas["DatasetView"];
  spec: Schemas["ModelSpec"];
  isReady: boolean;
  /** What else can be done. */
  beside?: ReactNode;
}

export function StartRun({ dataset, spec, isReady, beside }: Props) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [name, setName] = useState(dataset.name.replace(/\.\w+$/, ""));
  const start = useMutation({
    mutationFn: () => ask(api.POST("/api/v1/fits", { body: { dataset: dataset.id, spec, name } })),
    onSuccess: async ({ id }) => {
      void client.invalidateQueries({ queryKey: fits.queryKey });
      await navigate({ to: "/runs/$id", params: { id } });
    },
  });
  return (
    <section>
      <Title order={2} mb="sm">
        Start a run
      </Title>
      <Group align="flex-end">
        <TextInput label="Name" value={name} onChange={({ currentTarget: { value } }) => setName(value)} />
        <Button disabled={!isReady} loading={start.isPending} onClick={() => start.mutate()}>
          Start
        </Button>
        {beside}
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

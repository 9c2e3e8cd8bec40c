// How large the model is, what was found that no field is about, and the button that starts a run.
import { Button, Group, Paper, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { fits } from "../../api/queries";
import { Trouble } from "../kit/pane";
import type { Spec } from "./edit";
import { Findings, isWithin } from "./findings";
import type { Check } from "./use-check";
import { SizeFigures } from "./size-figures";

/** Parts of a spec that have a place of their own on the page. */
const placed = ["/preset", "/data", "/channel", "/baseline", "/sampler"];

interface Props {
  dataset: string;
  spec: Spec;
  check: Check;
  isFresh: boolean;
}

export function Start({ dataset, spec, check, isFresh }: Props) {
  const [name, setName] = useState("");
  const client = useQueryClient();
  const navigate = useNavigate();
  const start = useMutation({
    mutationFn: () => ask(api.POST("/api/v1/fits", { body: { dataset, spec, name: name.trim() || null } })),
    onSuccess: async (fit) => {
      void client.invalidateQueries({ queryKey: fits.queryKey });
      await navigate({ to: "/runs/$id", params: { id: fit.id } });
    },
  });
  const elsewhere = check.findings.filter(({ pointer }) => !placed.some((part) => isWithin(pointer, part)));
  return (
    <Paper withBorder p="md" component="section" aria-label="Start a run">
      <Stack gap="md">
        {check.size && <SizeFigures size={check.size} />}
        <Findings of={elsewhere} />
        {!check.ok && (
          <Text role="status">Something is to be mended before this can run; it stands where it belongs.</Text>
        )}
        <Group gap="sm" align="flex-end">
          <TextInput
            label="Name of the run"
            placeholder="Optional"
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          <Button disabled={!check.ok || !isFresh} loading={start.isPending} onClick={() => start.mutate()}>
            Start the run
          </Button>
        </Group>
        <Trouble error={start.error} />
      </Stack>
    </Paper>
  );
}

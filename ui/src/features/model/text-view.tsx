// The same spec as text, to be changed there or pasted from elsewhere.
import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { Problem } from "../../api/problem";
import { Trouble } from "../kit/pane";
import type { Spec } from "./edit";
import { toToml } from "./toml";
import type { Draft } from "./use-draft";

type Form = "toml" | "json";

export function TextView({ form, draft }: { form: Form; draft: Draft }) {
  const now = said(form, draft.spec);
  const [text, setText] = useState(now);
  const take = useMutation({
    mutationFn: () => read(form, text),
    onSuccess: (spec) => {
      setText(said(form, spec));
      draft.change(spec);
    },
  });
  const label = form === "toml" ? "The model as mmm.toml" : "The model as JSON";
  return (
    <Stack gap="sm">
      <Text size="sm" className="soft">
        The form and this text say the same; what the form has no field for stays here as it is.
      </Text>
      <Textarea
        label={label}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        autosize
        minRows={16}
        maxRows={40}
        spellCheck={false}
        styles={{ input: { fontFamily: "ui-monospace, Menlo, Consolas, monospace", fontSize: 13 } }}
      />
      <Trouble error={take.error} />
      <Group gap="sm">
        <Button disabled={text === now} loading={take.isPending} onClick={() => take.mutate()}>
          Take this text
        </Button>
        <Button variant="default" disabled={text === now} onClick={() => setText(now)}>
          Back to what it was
        </Button>
      </Group>
    </Stack>
  );
}

const said = (form: Form, spec: Spec) => (form === "toml" ? toToml(spec) : JSON.stringify(spec, null, 2));

async function read(form: Form, text: string): Promise<Spec> {
  if (form === "json") return fromJson(text);
  const answer = await ask(
    api.POST("/api/v1/specs/from-toml", {
      body: text,
      bodySerializer: String,
      headers: { "Content-Type": "application/toml" },
    }),
  );
  return (answer as { spec: Spec }).spec;
}

function fromJson(text: string): Spec {
  try {
    return JSON.parse(text) as Spec;
  } catch (error) {
    throw new Problem(0, `This is not JSON: ${error instanceof Error ? error.message : "it cannot be read"}`);
  }
}

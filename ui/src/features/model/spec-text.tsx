// The same spec as text. An mmm.toml is taken as well.
import { Button, Group, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { Trouble } from "../kit/pane";
import type { Spec } from "./patch";

interface Props {
  spec: Spec;
  onChange: (spec: Spec) => void;
}

export function SpecText({ spec, onChange }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const take = useMutation({
    mutationFn: read,
    onSuccess: (next) => {
      onChange(next);
      setTyped(null);
    },
  });
  return (
    <>
      <Text className="soft" mb="xs">
        JSON, or the contents of an mmm.toml.
      </Text>
      <Textarea
        aria-label="The model as text"
        autosize
        minRows={16}
        maxRows={32}
        spellCheck={false}
        styles={{ input: { fontFamily: "ui-monospace, Menlo, Consolas, monospace", fontSize: 13 } }}
        value={typed ?? JSON.stringify(spec, null, 2)}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Group mt="sm">
        <Button disabled={typed === null} loading={take.isPending} onClick={() => typed !== null && take.mutate(typed)}>
          Take this text
        </Button>
        <Button variant="default" disabled={typed === null} onClick={() => setTyped(null)}>
          Undo
        </Button>
      </Group>
      <Trouble error={take.error} />
    </>
  );
}

async function read(text: string): Promise<Spec> {
  if (text.trimStart().startsWith("{")) return JSON.parse(text) as Spec;
  const headers = { "Content-Type": "application/toml" };
  const answer = (await ask(api.POST("/api/v1/specs/from-toml", { body: text, bodySerializer: String, headers }))) as {
    spec: Spec;
  };
  return answer.spec;
}

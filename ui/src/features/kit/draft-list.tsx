// Drafts of a kind: open, copy, remove; what was removed can be brought back.
import { Anchor, Button, Group, Table, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { drafts, dropDraft, keepDraft, readDraft, wishOf, type DraftKind, type DraftLine } from "../../api/drafts";
import { session } from "../../api/queries";
import { moment } from "./moment";
import { Pane, Trouble } from "./pane";
import { Wide } from "./wide";

interface Props {
  kind: DraftKind;
  /** Only those for this dataset or fit. */
  subject?: string;
  /** A link that opens a draft. */
  link: (draft: DraftLine, props: object) => ReactNode;
}

export function DraftList({ kind, subject, link }: Props) {
  const query = useQuery(drafts);
  const mayWrite = useQuery(session).data?.role !== "viewer";
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: drafts.queryKey });
  const remove = useMutation({
    mutationFn: async ({ id }: DraftLine) => {
      const whole = await readDraft(id);
      await dropDraft(id, whole.revision);
      return whole;
    },
    onSuccess: refresh,
  });
  const restore = useMutation({
    mutationFn: keepDraft,
    onSuccess: () => {
      remove.reset();
      return refresh();
    },
  });
  const copy = useMutation({
    mutationFn: async ({ id }: DraftLine) => {
      const whole = await readDraft(id);
      return keepDraft({ ...wishOf(whole), name: `Copy of ${whole.name}`.slice(0, 200) });
    },
    onSuccess: refresh,
  });
  const own = (all: DraftLine[]) =>
    all.filter((one) => one.kind === kind && (subject === undefined || one.subject === subject));
  return (
    <section aria-label="Drafts">
      <Title order={2} mb="sm">
        Drafts
      </Title>
      {remove.data && (
        <Group gap="sm" mb="sm" role="status">
          <Text size="sm">“{remove.data.name}” was removed.</Text>
          <Button
            size="compact-sm"
            variant="default"
            loading={restore.isPending}
            onClick={() => restore.mutate(wishOf(remove.data))}
          >
            Undo
          </Button>
        </Group>
      )}
      {[remove, restore, copy].map(({ error }, k) => (
        <Trouble key={k} error={error} />
      ))}
      <Pane
        query={query}
        isEmpty={(all) => own(all).length === 0}
        empty={<Text className="soft">None yet. What is changed is kept here by itself.</Text>}
      >
        {(all) => (
          <Wide label="Drafts">
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>Changed</Table.Th>
                  {mayWrite && <Table.Th>What to do</Table.Th>}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {own(all).map((one) => (
                  <Table.Tr key={one.id}>
                    <Table.Td>
                      <Anchor renderRoot={(props) => link(one, props)}>{one.name}</Anchor>
                    </Table.Td>
                    <Table.Td>{moment(one.updated)}</Table.Td>
                    {mayWrite && (
                      <Table.Td>
                        <Acts name={one.name} onCopy={() => copy.mutate(one)} onRemove={() => remove.mutate(one)} />
                      </Table.Td>
                    )}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Wide>
        )}
      </Pane>
    </section>
  );
}

function Acts({ name, onCopy, onRemove }: { name: string; onCopy: () => void; onRemove: () => void }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <Button size="compact-sm" variant="default" aria-label={`Duplicate ${name}`} onClick={onCopy}>
        Duplicate
      </Button>
      <Button size="compact-sm" variant="default" aria-label={`Remove ${name}`} onClick={onRemove}>
        Remove
      </Button>
    </Group>
  );
}

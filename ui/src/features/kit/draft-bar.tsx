// Where what is edited on a page is kept, and what to do where somebody else wrote it too.
import { Alert, Box, Button, Group, Table, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { differences } from "../../lib/differences";
import type { Content } from "./draft-state";
import { moment } from "./moment";
import { Trouble } from "./pane";
import type { Keeping } from "./use-kept";
import { Wide } from "./wide";

interface Props {
  keeping: Keeping;
  /** What is on the page. */
  mine: Content;
  /** Shows the server's version on the page. */
  onTake: (content: Content) => void;
}

export function DraftBar({ keeping, mine, onTake }: Props) {
  const { known, state, theirs, error, rename } = keeping;
  if (state === "none" || (state === "loading" && !error)) return null;
  return (
    <Box component="section" aria-label="Draft" mb="sm">
      {known && <Name key={known.id + known.name} name={known.name} said={said(keeping)} onName={rename} />}
      {!known && <Text size="sm">{said(keeping)}</Text>}
      <Trouble error={error} />
      {theirs && (
        <Conflict
          mine={mine}
          theirs={theirs.content}
          written={theirs.updated}
          onMine={keeping.keepMine}
          onBoth={keeping.keepBoth}
          onTheirs={() => {
            onTake(theirs.content);
            keeping.takeTheirs();
          }}
        />
      )}
    </Box>
  );
}

function said({ known, state }: Keeping): string {
  if (state === "saving" || state === "waiting") return "Saving …";
  if (state === "saved") return known ? `Saved ${moment(known.updated)}` : "Saved";
  if (state === "conflict") return "Not saved: somebody else wrote it too";
  return state === "failed" ? "Not saved" : "";
}

function Name({ name, said, onName }: { name: string; said: string; onName: (name: string) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  function take(): void {
    if (typed?.trim() && typed.trim() !== name) onName(typed.trim());
    setTyped(null);
  }
  return (
    <Group gap="sm" align="center">
      {typed === null ? (
        <>
          <Text size="sm">
            Draft <strong>{name}</strong>
          </Text>
          <Button size="compact-sm" variant="default" onClick={() => setTyped(name)}>
            Rename
          </Button>
        </>
      ) : (
        <TextInput
          size="xs"
          aria-label="Name of the draft"
          autoFocus
          maxLength={200}
          value={typed}
          onChange={({ currentTarget: { value } }) => setTyped(value)}
          onBlur={take}
          onKeyDown={({ key }) => {
            if (key === "Enter") take();
            if (key === "Escape") setTyped(null);
          }}
        />
      )}
      <Text size="sm" className="soft" role="status">
        {said}
      </Text>
    </Group>
  );
}

interface ConflictProps {
  mine: Content;
  theirs: Content;
  written: string;
  onMine: () => void;
  onTheirs: () => void;
  onBoth: () => void;
}

function Conflict({ mine, theirs, written, onMine, onTheirs, onBoth }: ConflictProps) {
  const all = differences(mine, theirs);
  return (
    <Alert color="orange" variant="default" mt="sm" title="This draft was written elsewhere too" role="alert">
      <Text size="sm" mb="sm">
        Here and at the server it says different things. Nothing is saved until you choose.
      </Text>
      <Wide label="Both versions">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Setting</Table.Th>
              <Table.Th>On this page</Table.Th>
              <Table.Th>At the server, {moment(written)}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {all.map(({ path, a, b }) => (
              <Table.Tr key={path}>
                <Table.Td>{path}</Table.Td>
                <Table.Td>{a}</Table.Td>
                <Table.Td>{b}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      <Group gap="sm" mt="sm">
        <Button onClick={onMine}>Keep this page’s</Button>
        <Button variant="default" onClick={onTheirs}>
          Take the server’s
        </Button>
        <Button variant="default" onClick={onBoth}>
          Keep both
        </Button>
      </Group>
    </Alert>
  );
}

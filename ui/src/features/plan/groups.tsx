// Channels, or regions, that together get at least or at most such a share of all the money.
import { Accordion, Button, Checkbox, Group, Paper, Stack, Text, TextInput } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { AmountField } from "./amount-field";
import { nextName, type GroupWish } from "./wish-groups";

/** `members`: what a group can hold. */
export function Groups({ members }: { members: string[] }) {
  const { groups = [] } = useSearch({ from: "/plan/$id/optimise" });
  const navigate = useNavigate({ from: "/plan/$id/optimise" });
  const put = (groups: GroupWish[]) => void navigate({ search: (now) => ({ ...now, groups }), resetScroll: false });
  return (
    <Accordion variant="contained" keepMounted={false} mb="lg">
      <Accordion.Item value="groups">
        <Accordion.Control>
          Groups{groups.length > 0 ? `: ${groups.map(({ name }) => name).join(", ")}` : " of channels"}
        </Accordion.Control>
        <Accordion.Panel>
          <Stack gap="md">
            <Text size="sm" className="soft">
              A group holds the plan back where its members together would get too small or too large a share of all the
              money.
            </Text>
            {groups.map((group, k) => (
              <One
                key={k}
                group={group}
                members={members}
                onChange={(next) => put(groups.map((one, j) => (j === k ? next : one)))}
                onRemove={() => put(groups.filter((_, j) => j !== k))}
              />
            ))}
            <div>
              <Button variant="default" onClick={() => put([...groups, { name: nextName(groups), members: [] }])}>
                Add a group
              </Button>
            </div>
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

interface Props {
  group: GroupWish;
  members: string[];
  onChange: (next: GroupWish) => void;
  onRemove: () => void;
}

function One({ group, members, onChange, onRemove }: Props) {
  const { name } = group;
  const share = (percent: number | undefined) =>
    percent === undefined ? undefined : Math.min(1, Math.max(0, percent / 100));
  return (
    <Paper withBorder p="md" component="section" aria-label={`Group ${name}`}>
      <Stack gap="sm">
        <Checkbox.Group
          label={`Members of ${name}`}
          value={group.members}
          onChange={(members) => onChange({ ...group, members })}
        >
          <Group gap="md" mt="xs">
            {members.map((member) => (
              <Checkbox key={member} value={member} label={member} />
            ))}
          </Group>
        </Checkbox.Group>
        <Group align="flex-end" gap="md">
          <NameField name={name} onChange={(name) => onChange({ ...group, name })} />
          <AmountField
            label="At least (%)"
            w={190}
            value={percentOf(group.min)}
            onChange={(least) => onChange({ ...group, min: share(least) })}
          />
          <AmountField
            label="At most (%)"
            w={190}
            value={percentOf(group.max)}
            onChange={(most) => onChange({ ...group, max: share(most) })}
          />
          <Button variant="default" aria-label={`Remove ${name}`} onClick={onRemove}>
            Remove
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

/** What was typed counts when the cell is left. */
function NameField({ name, onChange }: { name: string; onChange: (name: string) => void }) {
  const take = (typed: string) => typed.trim() && typed.trim() !== name && onChange(typed.trim());
  return (
    <TextInput
      key={name}
      label="Name"
      w={190}
      defaultValue={name}
      onBlur={({ currentTarget }) => take(currentTarget.value)}
      onKeyDown={({ key, currentTarget }) => key === "Enter" && take(currentTarget.value)}
    />
  );
}

const percentOf = (share: number | undefined) =>
  share === undefined ? undefined : Number((100 * share).toPrecision(4));

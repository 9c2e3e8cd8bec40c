// Holidays and other days that are unlike the rest.
import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Event, Spec } from "./edit";

interface Props {
  spec: Spec;
  onChange: (events: Event[]) => void;
}

export function Events({ spec, onChange }: Props) {
  const events = spec.baseline?.events ?? [];
  return (
    <Stack gap="xs" role="group" aria-label="Events">
      <Text size="sm" fw={500}>
        Events
      </Text>
      {events.map((event, k) => (
        <Group key={k} gap="sm" justify="space-between" wrap="nowrap">
          <Text size="sm">
            {event.column ? `Every name in the column “${event.column}”` : `${event.name}: ${event.dates?.join(", ")}`}
          </Text>
          <Button
            variant="default"
            size="xs"
            aria-label={`Remove ${event.name ?? event.column}`}
            onClick={() => onChange(events.filter((_, i) => i !== k))}
          >
            Remove
          </Button>
        </Group>
      ))}
      <Add onAdd={(event) => onChange([...events, event])} />
    </Stack>
  );
}

function Add({ onAdd }: { onAdd: (event: Event) => void }) {
  const [name, setName] = useState("");
  const [days, setDays] = useState("");
  const dates = days.split(/[\s,;]+/).filter(Boolean);
  const wrong = dates.find((day) => !/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)));
  return (
    <Group gap="sm" align="flex-start">
      <TextInput
        aria-label="Name of the event"
        placeholder="Black Friday"
        value={name}
        onChange={(e) => setName(e.currentTarget.value)}
      />
      <TextInput
        aria-label="Its dates"
        placeholder="2023-11-24, 2024-11-29"
        flex="1 1 220px"
        value={days}
        error={wrong && `“${wrong}” is not a date like 2024-11-29`}
        onChange={(e) => setDays(e.currentTarget.value)}
      />
      <Button
        variant="default"
        disabled={name.trim() === "" || dates.length === 0 || wrong !== undefined}
        onClick={() => {
          onAdd({ name: name.trim(), dates });
          setName("");
          setDays("");
        }}
      >
        Add event
      </Button>
    </Group>
  );
}

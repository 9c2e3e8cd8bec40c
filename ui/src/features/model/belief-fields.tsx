// What one believes a channel returns before looking at the data.
import { Button, Group, Text } from "@mantine/core";
import { beliefOf, effectOf, isPossible, shown, type Belief } from "./belief";
import type { Channel } from "./edit";
import { Typed } from "./typed";

interface Props {
  name: string;
  channel: Channel;
  onChange: (effect: Channel["effect"]) => void;
}

export function BeliefFields({ name, channel, onChange }: Props) {
  const belief = beliefOf(channel.effect);
  if (!belief)
    return <Elsewhere said={Boolean(channel.effect)} onSay={() => onChange(effectOf({ low: 0.5, high: 4 }))} />;
  const set = (change: Partial<Belief>) => onChange(effectOf({ ...belief, ...change }));
  return (
    <div role="group" aria-label={`Belief about ${name}`}>
      <Text size="sm" fw={500}>
        Before looking at the data I am 90 % sure that 1 spent brings between
      </Text>
      <Group gap="sm" mt={6} align="flex-start">
        <Typed
          w={110}
          aria-label={`${name}: at least`}
          value={shown(belief.low)}
          refuse={(low) => (isPossible({ ...belief, low }) ? undefined : "Above 0 and below the other.")}
          onNumber={(low) => set({ low })}
        />
        <Text mt={6}>and</Text>
        <Typed
          w={110}
          aria-label={`${name}: at most`}
          value={shown(belief.high)}
          refuse={(high) => (isPossible({ ...belief, high }) ? undefined : "Above the other.")}
          onNumber={(high) => set({ high })}
        />
        <Button variant="subtle" onClick={() => onChange(undefined)}>
          Leave it to the starting point
        </Button>
      </Group>
    </div>
  );
}

function Elsewhere({ said, onSay }: { said: boolean; onSay: () => void }) {
  return (
    <Group gap="sm">
      <Text size="sm" className="soft">
        {said
          ? "What is believed of this channel is said in another way than a range of returns; it stands in the text."
          : "The starting point decides what is believed of this channel before the data are seen."}
      </Text>
      <Button variant="default" size="xs" onClick={onSay}>
        Say it as a range instead
      </Button>
    </Group>
  );
}

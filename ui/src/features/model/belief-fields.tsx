// "You are 90 % sure that 1 brings between 0.5 and 4."
import { Button, Group, NumberInput, Text } from "@mantine/core";
import { beliefOf, withBelief, type Belief, type Channel, type Spec } from "./patch";

interface Props {
  at: number;
  channel: Channel;
  resolved: Channel | undefined;
  spec: Spec;
  onChange: (spec: Spec) => void;
}

const usual: Belief = { low: 0.4, high: 5 };

export function BeliefFields({ at, channel, resolved, spec, onChange }: Props) {
  const belief = beliefOf(channel) ?? (channel.effect || !resolved ? null : beliefOf(resolved));
  if (!channel.spend) return <Text className="soft">nothing: no money is spent on it</Text>;
  if (!belief)
    return (
      <Group gap="xs" wrap="nowrap">
        <Text className="soft" size="sm">
          as the kind of model says
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => onChange(withBelief(spec, at, usual))}>
          Say it
        </Button>
      </Group>
    );
  const put = (part: Partial<Belief>) => {
    const next = { ...belief, ...part };
    if (next.low > 0 && next.high > next.low) onChange(withBelief(spec, at, next));
  };
  return (
    <Group gap="xs" wrap="nowrap">
      <Bound label={`${channel.name} brings at least`} value={belief.low} onChange={(low) => put({ low })} />
      <span>and</span>
      <Bound label={`${channel.name} brings at most`} value={belief.high} onChange={(high) => put({ high })} />
    </Group>
  );
}

function Bound({ label, value, onChange }: { label: string; value: number; onChange: (value: number) => void }) {
  const shown = Number(value.toPrecision(3));
  return (
    <NumberInput
      aria-label={label}
      w={110}
      min={0}
      step={0.1}
      value={shown}
      onChange={(next) => typeof next === "number" && next !== shown && onChange(next)}
    />
  );
}

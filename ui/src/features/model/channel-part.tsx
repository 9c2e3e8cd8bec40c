// One channel: how long it works, how it levels off, what is believed of it.
import { Paper, SimpleGrid, Stack, Title } from "@mantine/core";
import { BeliefFields } from "./belief-fields";
import { Choice } from "./choice";
import { ofKind, type Channel } from "./edit";
import { FindingsAt } from "./findings";
import { asPreset, carryOvers, nameOf, returns } from "./words";

interface Props {
  channel: Channel;
  at: number;
  onChange: (change: Partial<Channel>) => void;
}

export function ChannelPart({ channel, at, onChange }: Props) {
  const name = nameOf(channel);
  const kindOf = (part: { kind?: string } | null | undefined, usual: string) =>
    part ? (part.kind ?? usual) : asPreset;
  return (
    <Paper withBorder p="md" component="section" aria-label={name}>
      <Stack gap="md">
        <Title order={3} size="h4">
          {name}
        </Title>
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Choice
            label="How long it works"
            choices={carryOvers}
            value={kindOf(channel.adstock, "geometric")}
            onChange={(kind) => onChange({ adstock: ofKind(channel.adstock, kind) })}
          />
          <Choice
            label="How more money pays"
            choices={returns}
            value={kindOf(channel.saturation, "hill")}
            onChange={(kind) => onChange({ saturation: ofKind(channel.saturation, kind) })}
          />
        </SimpleGrid>
        <BeliefFields name={name} channel={channel} onChange={(effect) => onChange({ effect })} />
        <FindingsAt at={[`/channel/${at}`]} />
      </Stack>
    </Paper>
  );
}

// How each channel works, and what is believed of it before the data speak.
import { NativeSelect, Table, Text, Title } from "@mantine/core";
import type { Finding } from "../../api/problem";
import { Wide } from "../kit/wide";
import { BeliefFields } from "./belief-fields";
import { withChannel, type Channel, type Spec } from "./patch";
import { adstocks, saturations } from "./words";

interface Props {
  spec: Spec;
  /** With all that the kind of model says filled in. */
  resolved: Spec | null;
  findings: Finding[];
  onChange: (spec: Spec) => void;
}

export function ChannelsForm({ spec, resolved, findings, onChange }: Props) {
  return (
    <section>
      <Title order={2} mb="sm">
        Channels
      </Title>
      <Wide label="Channels">
        <Table miw={860}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Channel</Table.Th>
              <Table.Th>Its effect over time</Table.Th>
              <Table.Th>More of it</Table.Th>
              <Table.Th>You are 90 % sure that 1 brings between</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(spec.channel ?? []).map((channel, k) => (
              <Row
                key={channel.name ?? k}
                at={k}
                channel={channel}
                spec={spec}
                resolved={resolved}
                findings={findings.filter(({ pointer }) => isOf(pointer, k))}
                onChange={onChange}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </section>
  );
}

const isOf = (pointer: string | null | undefined, k: number) =>
  pointer?.startsWith(`/spec/channel/${k}/`) === true || pointer === `/spec/channel/${k}`;

interface RowProps extends Props {
  at: number;
  channel: Channel;
}

function Row({ at, channel, spec, resolved, findings, onChange }: RowProps) {
  const name = channel.name ?? "";
  const set = (part: object) => onChange(withChannel(spec, at, part));
  return (
    <Table.Tr>
      <Table.Th scope="row">
        <bdi>{name}</bdi>
      </Table.Th>
      <Table.Td>
        <NativeSelect
          aria-label={`Effect of ${name} over time`}
          data={adstocks}
          value={channel.adstock?.kind ?? ""}
          onChange={({ currentTarget: { value } }) => set({ adstock: value ? { kind: value } : null })}
        />
      </Table.Td>
      <Table.Td>
        <NativeSelect
          aria-label={`More of ${name}`}
          data={saturations}
          value={channel.saturation?.kind ?? ""}
          onChange={({ currentTarget: { value } }) => set({ saturation: value ? { kind: value } : null })}
        />
      </Table.Td>
      <Table.Td>
        <BeliefFields at={at} channel={channel} resolved={resolved?.channel?.[at]} spec={spec} onChange={onChange} />
        {findings.map(({ detail }, k) => (
          <Text key={k} size="sm" className="state red">
            {detail}
          </Text>
        ))}
      </Table.Td>
    </Table.Tr>
  );
}

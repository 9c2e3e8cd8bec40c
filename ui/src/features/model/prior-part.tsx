// What the model as it stands holds possible before it has seen the outcome.
import { Stack, Table, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Estimate, Report } from "../../api/report";
import { chartNamed } from "../../charts/catalogue";
import { returnUnit } from "../../charts/kit/words";
import { ChartPanel } from "../../components/chart-panel";
import { IntervalBar } from "../../components/interval-bar";
import { figure, percent, range } from "../../lib/numbers";
import { Pane } from "../kit/pane";
import { Wide } from "../kit/wide";
import type { Spec } from "./edit";

interface Props {
  dataset: string;
  spec: Spec;
  /** Whether the spec was found to be possible. */
  isPossible: boolean;
}

/** How long nothing may change before it is drawn anew. */
const rest = 400;

interface Believed {
  name: string;
  roas: Estimate | null;
  share: Estimate;
}

export function PriorPart({ dataset, spec, isPossible }: Props) {
  const [asked] = useDebouncedValue(spec, rest);
  const prior = useQuery({
    queryKey: ["prior", dataset, JSON.stringify(asked)],
    queryFn: () => ask(api.POST("/api/v1/specs/prior", { body: { dataset, spec: asked } })),
    enabled: isPossible,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    retry: false,
  });
  return (
    <section aria-label="Before the data">
      <Title order={2} mb="xs">
        What this believes before it sees the outcome
      </Title>
      <Text size="sm" className="soft" mb="sm">
        Drawn anew after every change. Beliefs that allow nonsense are to be narrowed; those that exclude what happened
        are to be widened.
      </Text>
      {!isPossible && !prior.data ? (
        <Text size="sm">It is drawn as soon as nothing is to be mended.</Text>
      ) : (
        <Pane query={prior} height={320}>
          {(found) => (
            <Stack gap="lg" aria-busy={prior.isPlaceholderData} style={{ opacity: prior.isPlaceholderData ? 0.6 : 1 }}>
              <Beliefs channels={found.channels as Believed[]} report={found.report as Report} />
              <ChartPanel chart={chartNamed("prior-predictive")} report={found.report as Report} />
            </Stack>
          )}
        </Pane>
      )}
    </section>
  );
}

function Beliefs({ channels, report }: { channels: Believed[]; report: Report }) {
  const returns = channels.flatMap(({ roas }) => (roas ? [roas] : []));
  const most = Math.max(...returns.map(({ upper }) => upper ?? 0), 1);
  return (
    <Wide label="What is believed of each channel">
      <Table miw={560}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Channel</Table.Th>
            <Table.Th>Return</Table.Th>
            <Table.Th className="number">{returnUnit(report)}</Table.Th>
            <Table.Th className="number">Share of {report.about.kpi}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {channels.map(({ name, roas, share }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">
                <bdi>{name}</bdi>
              </Table.Th>
              <Table.Td>
                {roas && (
                  <IntervalBar
                    estimate={roas}
                    from={0}
                    to={most}
                    colour="var(--accent)"
                    mark={report.about.returns_in_money ? 1 : undefined}
                  />
                )}
              </Table.Td>
              <Table.Td className="number">
                {figure(roas?.mean)} <span className="range">{roas && range(roas.lower, roas.upper)}</span>
              </Table.Td>
              <Table.Td className="number">
                {percent(share.mean, 2)} <span className="range">{range(share.lower, share.upper, percent2)}</span>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

const percent2 = (x: number | null | undefined) => percent(x, 2);

// The charts of one channel.
import { SimpleGrid, Title } from "@mantine/core";
import { useMemo } from "react";
import type { Report } from "../../api/report";
import { chartNamed } from "../../charts/catalogue";
import type { Drawable } from "../../charts/kit/chart";
import { ChartView } from "../../components/chart-view";
import { Failure } from "../../components/failure";
import { SaveMenu } from "../../components/save-menu";

interface Props {
  names: readonly string[];
  channel: string;
  report: Report;
}

export function ChannelCharts({ names, channel, report }: Props) {
  const drawn = names.map(chartNamed).filter((chart) => chart.missing(report) === null);
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl" verticalSpacing={40}>
      {drawn.map((chart) => (
        <Failure key={chart.name} what={`“${chart.question}”`}>
          <One chart={chart} channel={channel} report={report} />
        </Failure>
      ))}
    </SimpleGrid>
  );
}

function One({ chart, channel, report }: { chart: Drawable; channel: string; report: Report }) {
  const chosen = useMemo(
    () => (chart.choices(report).channel?.includes(channel) ? { channel } : {}),
    [chart, report, channel],
  );
  return (
    <figure className="panel" aria-labelledby={`${chart.name}-question`}>
      <figcaption>
        <Title order={2} size="h4" id={`${chart.name}-question`}>
          {chart.question}
        </Title>
      </figcaption>
      <ChartView chart={chart} report={report} chosen={chosen} />
      <div className="foot">
        <p className="caption">{chart.note}</p>
        <div className="tools">
          <SaveMenu chart={chart} report={report} chosen={chosen} />
        </div>
      </div>
    </figure>
  );
}

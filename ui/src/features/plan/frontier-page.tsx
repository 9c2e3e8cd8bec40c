// What other budgets would bring.
import { Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { report as reportQuery } from "../../api/queries";
import { Charts, exhibitsOf } from "../kit/charts";
import { Pane } from "../kit/pane";
import { Frame } from "./frame";

const drawn = ["frontier"] as const;

export function FrontierPage() {
  const { id } = useParams({ from: "/plan/$id/frontier" });
  const query = useQuery(reportQuery(id, [...new Set([...exhibitsOf(drawn), "channels"])]));
  return (
    <Frame id={id} way="frontier">
      <Pane query={query} height={360}>
        {(report) => (
          <Stack gap="sm">
            <Title order={2}>The best plan of each budget</Title>
            <Text size="sm" className="soft">
              Money and outcome are per {report.about.period}, as if each budget were spent for good.
            </Text>
            <Charts names={drawn} report={report} />
          </Stack>
        )}
      </Pane>
    </Frame>
  );
}

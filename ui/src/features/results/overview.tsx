// Four figures and the charts that answer first.
import { Alert, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { report } from "../../api/queries";
import { Charts, exhibitsOf } from "../kit/charts";
import { Pane } from "../kit/pane";
import { KeyFigures } from "./key-figures";

const names = ["health", "waterfall", "spend-and-effect", "returns", "next-unit", "over-time", "share", "cost-per-kpi"];
const exhibits = exhibitsOf(names);

export function Overview({ id }: { id: string }) {
  return (
    <Pane query={useQuery(report(id, exhibits))} height={480}>
      {(found) => (
        <Stack gap="xl">
          {!found.about.converged && (
            <Alert color="orange" title="Do not act on these numbers yet">
              The model did not settle. Diagnostics says what to look at.
            </Alert>
          )}
          <KeyFigures report={found} />
          <Charts names={names} report={found} />
        </Stack>
      )}
    </Pane>
  );
}

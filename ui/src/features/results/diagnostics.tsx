// Whether to believe it: first in plain sight, then for those who read chains.
import { Accordion, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { report } from "../../api/queries";
import { Charts, exhibitsOf } from "../kit/charts";
import { Pane } from "../kit/pane";

const plain = [
  "health",
  "actual-vs-fitted",
  "accuracy",
  "backtest",
  "stability",
  "residuals",
  "calibration",
  "geo-small-multiples",
];
const details = [
  "residual-checks",
  "predictive-density",
  "predictive-figures",
  "prior-predictive",
  "convergence",
  "ranks",
  "traces",
  "parameters",
  "spend-calendar",
  "correlation",
];

export function Diagnostics({ id }: { id: string }) {
  return (
    <Stack gap="xl">
      <Part id={id} names={plain} />
      <Accordion variant="separated" keepMounted={false}>
        <Accordion.Item value="details">
          <Accordion.Control>Details for those who know the statistics</Accordion.Control>
          <Accordion.Panel>
            <Part id={id} names={details} />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  );
}

function Part({ id, names }: { id: string; names: readonly string[] }) {
  return (
    <Pane query={useQuery(report(id, exhibitsOf(names)))} height={480}>
      {(found) => <Charts names={names} report={found} />}
    </Pane>
  );
}

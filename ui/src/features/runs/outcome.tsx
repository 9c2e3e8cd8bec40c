// Whether a finished run can be trusted, and how it was made.
import { Alert, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { fit as fitQuery } from "../../api/queries";
import { count } from "../../lib/numbers";
import { duration, moment } from "../kit/moment";
import { Pane } from "../kit/pane";
import { Spoken } from "../../components/spoken";
import { sentence } from "../../lib/spoken";

/** What a fit says of itself. */
interface Facts {
  kpi: string;
  channels: string[];
  periods: number;
  spacing: string;
  first: string;
  last: string;
  parameters: number;
  draws: number;
  seconds: number;
  seed: number;
  converged: boolean;
  warnings: { message?: string; detail?: string }[];
}

export function Outcome({ id }: { id: string }) {
  return (
    <Pane query={useQuery(fitQuery(id))}>
      {(fit) => {
        const facts = fit.facts as Facts | null;
        if (!facts) return null;
        return (
          <>
            {!facts.converged && (
              <Alert color="orange" title="Look closely before you act on this">
                The chains did not agree with each other well enough. Diagnostics says where.
              </Alert>
            )}
            {facts.warnings.map((warning, k) => (
              <Alert key={k} color="orange">
                <Spoken text={sentence(warning.message ?? warning.detail ?? "")} />
              </Alert>
            ))}
            <Table maw={640} variant="vertical">
              <Table.Tbody>
                <Line what="Explains" is={facts.kpi} />
                <Line what="By" is={facts.channels.join(", ")} />
                <Line
                  what="Learnt from"
                  is={`${count(facts.periods)} periods (${facts.spacing}), ${facts.first} to ${facts.last}`}
                />
                <Line what="Took" is={duration(facts.seconds)} />
                {fit.finished && <Line what="Finished" is={moment(fit.finished)} />}
              </Table.Tbody>
            </Table>
            <details>
              <summary>Details</summary>
              <Text size="sm">
                {count(facts.draws)} draws of {count(facts.parameters)} parameters, seed {facts.seed}, dataset{" "}
                {fit.dataset}.
              </Text>
            </details>
          </>
        );
      }}
    </Pane>
  );
}

function Line({ what, is }: { what: string; is: string }) {
  return (
    <Table.Tr>
      <Table.Th w={140}>{what}</Table.Th>
      <Table.Td>{is}</Table.Td>
    </Table.Tr>
  );
}

// How far a run has come.
import { Progress, Stack, Table, Text } from "@mantine/core";
import type { Chain, JobView } from "../../api/job";
import { count, percent } from "../../lib/numbers";
import { duration } from "../kit/moment";
import { Wide } from "../kit/wide";

const phases: Record<string, string> = {
  preparing: "Getting ready",
  warm_up: "Finding its way",
  sampling: "Learning",
  finishing: "Writing results",
};

/** Before anything was computed. */
const begins: Record<string, string> = { queued: "Waiting for its turn.", paused: "It was not begun yet." };

export function Live({ job: { state, progress } }: { job: JobView }) {
  if (!progress) return <Text>{begins[state] ?? "Starting."}</Text>;
  const left = state === "paused" ? null : progress.seconds_left;
  const share = Math.round(progress.fraction * 100);
  return (
    <Stack gap="md" aria-live="polite">
      <Text>
        <strong>{phases[progress.phase] ?? progress.phase}</strong>: {percent(share / 100)} done
        {left !== null && <>, about {duration(left)} left</>}.
      </Text>
      <Progress value={share} size="lg" aria-label="All of it" transitionDuration={0} />
      <Wide label="Chains">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Chain</Table.Th>
              <Table.Th w="50%">Progress</Table.Th>
              <Table.Th className="number">Steps</Table.Th>
              <Table.Th className="number">Went astray</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {progress.chains.map((chain, k) => (
              <ChainRow key={k} chain={chain} number={k + 1} />
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      {state !== "paused" && (
        <Text className="soft" size="sm">
          You may close this page: the run goes on at the server.
        </Text>
      )}
    </Stack>
  );
}

function ChainRow({ chain, number }: { chain: Chain; number: number }) {
  const share = chain.total > 0 ? (100 * chain.done) / chain.total : 0;
  return (
    <Table.Tr>
      <Table.Td>{number}</Table.Td>
      <Table.Td>
        <Progress
          value={share}
          aria-label={`Chain ${number}`}
          transitionDuration={0}
          color={chain.warming_up ? "gray" : "blue"}
        />
      </Table.Td>
      <Table.Td className="number">
        {count(chain.done)} of {count(chain.total)}
      </Table.Td>
      <Table.Td className="number">{count(chain.n_divergences)}</Table.Td>
    </Table.Tr>
  );
}

// How a run stands, in a word and a colour.
import { Badge } from "@mantine/core";

const words: Record<string, [string, string]> = {
  queued: ["Waiting", "gray"],
  running: ["Running", "blue"],
  paused: ["Paused", "orange"],
  cancelling: ["Stopping", "gray"],
  succeeded: ["Done", "green"],
  failed: ["Failed", "red"],
  cancelled: ["Cancelled", "gray"],
};

export function StateBadge({ state, converged }: { state: string; converged?: boolean | null }) {
  const [word, colour] =
    state === "succeeded" && converged === false ? ["Look closely", "orange"] : (words[state] ?? [state, "gray"]);
  return (
    <Badge color={colour} variant="outline" className={`state ${colour}`}>
      {word}
    </Badge>
  );
}

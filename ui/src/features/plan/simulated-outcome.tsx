// What a plan brings, against today's.
import { Alert, Stack, Text } from "@mantine/core";
import { change, difference, figure, probability, range } from "../../lib/numbers";
import { Spoken } from "../../components/spoken";
import { sentence } from "../../lib/spoken";
import type { Scenario, Warning } from "./answers";

export function SimulatedOutcome({ planned, isStale }: { planned: Scenario; isStale: boolean }) {
  const { budget, outcome, against_first: against, warnings } = planned;
  const isSame = against !== null && against.lift.lower === 0 && against.lift.upper === 0;
  return (
    <Stack gap="sm" aria-live="polite" aria-busy={isStale}>
      <dl className="figures">
        <Figure
          what="Spend"
          value={figure(budget.total)}
          unit={against ? `today ${figure(against.budget.total)}` : ""}
        />
        <Figure what="Brings" value={figure(outcome.mean)} interval={range(outcome.lower, outcome.upper)} />
        {against && (
          <Figure
            what="More than today"
            value={isSame ? "the same" : difference(against.lift.mean)}
            interval={isSame ? "" : range(against.lift.lower, against.lift.upper, difference)}
            unit={against.relative_lift && !isSame ? change(against.relative_lift.mean) : ""}
          />
        )}
        {against && !isSame && (
          <Figure what="Better than today" value={probability(against.p_better)} unit="probability" />
        )}
      </dl>
      <Warnings all={warnings} />
    </Stack>
  );
}

/** Warnings that are read before the others are asked for. */
const read = 4;

export function Warnings({ all }: { all: Warning[] }) {
  const more = all.length > read + 1 ? all.slice(read) : [];
  return (
    <>
      {all.slice(0, all.length - more.length).map((one, k) => (
        <WarningBox key={k} of={one} />
      ))}
      {more.length > 0 && (
        <details>
          <summary>{more.length} more to know</summary>
          <Stack gap="sm" mt="sm">
            {more.map((one, k) => (
              <WarningBox key={k} of={one} />
            ))}
          </Stack>
        </details>
      )}
    </>
  );
}

function WarningBox({ of: { message, hint } }: { of: Warning }) {
  return (
    <Alert color="orange">
      <Text size="sm">
        <Spoken text={sentence(message)} />
      </Text>
      {hint && (
        <Text size="sm" className="soft">
          <Spoken text={sentence(hint)} />
        </Text>
      )}
    </Alert>
  );
}

interface Props {
  what: string;
  value: string;
  interval?: string;
  unit?: string;
}

export function Figure({ what, value, interval, unit }: Props) {
  return (
    <div>
      <dt>{what}</dt>
      <dd>
        <span className="value">{value}</span>
        {interval && <span className="range">{interval}</span>}
        {unit && <span className="unit">{unit}</span>}
      </dd>
    </div>
  );
}

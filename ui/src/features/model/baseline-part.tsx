// What sells without advertising: trend, seasons, days of the week, events.
import { Checkbox, Paper, SimpleGrid, Stack } from "@mantine/core";
import { Choice } from "./choice";
import { ofKind, wavesOf, withBaseline, withWaves } from "./edit";
import { Events } from "./events";
import { FindingsAt } from "./findings";
import { Typed } from "./typed";
import type { Draft } from "./use-draft";
import { asPreset, trends } from "./words";

export function BaselinePart({ spec, change }: Draft) {
  const { trend, day_of_week } = spec.baseline ?? {};
  return (
    <Paper withBorder p="md">
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Choice
            label="Trend"
            choices={trends}
            value={trend ? (trend.kind ?? "none") : asPreset}
            onChange={(kind) => change(withBaseline(spec, { trend: ofKind(trend, kind) }))}
          />
          <Typed
            label="Waves of the yearly season"
            description="0 for no season; 1 is one high and one low a year; 2 to 4 can follow summers and Christmas."
            inputWrapperOrder={["label", "input", "error", "description"]}
            placeholder="As the starting point has it"
            value={wavesOf(spec) === null ? "" : String(wavesOf(spec))}
            refuse={(n) => (Number.isInteger(n) && n >= 0 && n <= 26 ? undefined : "A whole number from 0 to 26.")}
            onNumber={(n) => change(withWaves(spec, n))}
          />
        </SimpleGrid>
        <Checkbox
          label="Days of the week differ (for daily data)"
          checked={Boolean(day_of_week)}
          onChange={({ currentTarget }) => change(withBaseline(spec, { day_of_week: currentTarget.checked }))}
        />
        <Events spec={spec} onChange={(events) => change(withBaseline(spec, { events }))} />
        <FindingsAt at={["/baseline"]} />
      </Stack>
    </Paper>
  );
}

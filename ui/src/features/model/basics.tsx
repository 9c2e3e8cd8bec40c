// What the model begins from: starting point, kind of outcome, periods kept back.
import { Paper, SimpleGrid, Stack } from "@mantine/core";
import { Choice } from "./choice";
import type { Draft } from "./use-draft";
import { withData, withPreset } from "./edit";
import { FindingsAt } from "./findings";
import { Typed } from "./typed";
import { kinds, presets } from "./words";

export function Basics({ spec, change }: Draft) {
  const { kpi, kpi_kind, holdout } = spec.data ?? { kpi: "" };
  return (
    <Paper withBorder p="md">
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, md: 3 }}>
          <Choice
            label="Starting point"
            choices={presets}
            value={spec.preset ?? "standard"}
            onChange={(preset) => change(withPreset(spec, preset as typeof spec.preset))}
          />
          <Choice
            label={`What ${kpi ? `“${kpi}”` : "the outcome"} counts`}
            choices={kinds}
            value={kpi_kind ?? "revenue"}
            onChange={(kind) => change(withData(spec, { kpi_kind: kind === "count" ? "count" : "revenue" }))}
          />
          <Typed
            label="Last periods kept back"
            description="Hidden from the model, then foretold, to see how good it is. 0 for none."
            inputWrapperOrder={["label", "input", "error", "description"]}
            value={String(holdout ?? 0)}
            refuse={(n) => (Number.isInteger(n) && n >= 0 ? undefined : "A whole number of periods.")}
            onNumber={(n) => change(withData(spec, { holdout: n > 0 ? n : undefined }))}
          />
        </SimpleGrid>
        <FindingsAt at={["/preset", "/data"]} />
      </Stack>
    </Paper>
  );
}

// How thoroughly the computer looks; few will change this.
import { Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { withSampler } from "./edit";
import { FindingsAt } from "./findings";
import { Typed } from "./typed";
import type { Draft } from "./use-draft";

const fields = [
  { key: "chains", label: "Chains", says: "Independent searches that have to agree." },
  { key: "draws", label: "Draws per chain", says: "More make ranges smoother and take longer." },
  { key: "tune", label: "Warm-up per chain", says: "Thrown away." },
  { key: "seed", label: "Seed", says: "The same seed gives the same result." },
] as const;

export function SamplerDetails({ spec, change }: Draft) {
  return (
    <details>
      <summary>Details of the computation</summary>
      <Paper withBorder p="md" mt="sm">
        <Stack gap="md">
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
            {fields.map(({ key, label, says }) => (
              <Typed
                key={key}
                label={label}
                description={says}
                inputWrapperOrder={["label", "input", "error", "description"]}
                placeholder="As the starting point has it"
                value={String(spec.sampler?.[key] ?? "")}
                refuse={(n) => (Number.isInteger(n) && n >= 0 ? undefined : "A whole number.")}
                onNumber={(n) => change(withSampler(spec, { [key]: n }))}
              />
            ))}
          </SimpleGrid>
          <Text size="sm" className="soft">
            Everything else (noise, scales, exact priors) can be said in the text.
          </Text>
          <FindingsAt at={["/sampler"]} />
        </Stack>
      </Paper>
    </details>
  );
}

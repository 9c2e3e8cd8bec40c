// The kind of model, and what moves the outcome without advertising.
import { Group, NativeSelect, NumberInput } from "@mantine/core";
import { withBaseline, withData, withPreset, withYearlyWaves, yearlyWaves, type Spec } from "./patch";
import { presets, trends } from "./words";

interface Props {
  spec: Spec;
  onChange: (spec: Spec) => void;
}

export function BaselineForm({ spec, onChange }: Props) {
  return (
    <Group align="flex-end" mb="lg">
      <NativeSelect
        label="Kind of model"
        data={presets}
        value={spec.preset ?? "standard"}
        onChange={({ currentTarget: { value } }) => onChange(withPreset(spec, value as Spec["preset"]))}
      />
      <NativeSelect
        label="Trend"
        data={trends}
        value={spec.baseline?.trend?.kind ?? ""}
        onChange={({ currentTarget: { value } }) =>
          onChange(withBaseline(spec, { trend: value ? { kind: value } : null }))
        }
      />
      <NumberInput
        label="Waves within a year"
        min={0}
        max={20}
        allowDecimal={false}
        w={170}
        value={yearlyWaves(spec)}
        onChange={(order) =>
          typeof order === "number" && order !== yearlyWaves(spec) && onChange(withYearlyWaves(spec, order))
        }
      />
      <NumberInput
        label="Periods kept back as a test"
        min={0}
        max={520}
        allowDecimal={false}
        w={220}
        value={spec.data?.holdout ?? 0}
        onChange={(holdout) =>
          typeof holdout === "number" && holdout !== (spec.data?.holdout ?? 0) && onChange(withData(spec, { holdout }))
        }
      />
    </Group>
  );
}

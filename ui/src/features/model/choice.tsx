// A menu whose choice is explained below it.
import { NativeSelect } from "@mantine/core";
import { said, type Choice as One } from "./words";

interface Props {
  label: string;
  choices: readonly One[];
  value: string;
  onChange: (value: string) => void;
}

export function Choice({ label, choices, value, onChange }: Props) {
  const known = choices.some((choice) => choice.value === value);
  return (
    <NativeSelect
      label={label}
      description={said(choices, value)}
      classNames={{ description: "soft" }}
      styles={{ input: { maxWidth: "none" } }}
      inputWrapperOrder={["label", "input", "description", "error"]}
      data={[...choices.map(({ value, label }) => ({ value, label })), ...(known ? [] : [value])]}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

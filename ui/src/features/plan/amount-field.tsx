// A cell for an amount; what was typed counts when the cell is left or Enter is pressed.
import { TextInput, type TextInputProps } from "@mantine/core";
import { useState } from "react";
import { count } from "../../lib/numbers";
import { amountOf } from "../../lib/amount";

interface Props extends Omit<TextInputProps, "value" | "onChange"> {
  value: number | undefined;
  onChange: (amount: number | undefined) => void;
}

export function AmountField({ value, onChange, ...rest }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  function take(): void {
    if (typed === null) return;
    const amount = amountOf(typed);
    const isEmpty = typed.trim() === "";
    setWrong(amount === null && !isEmpty);
    if (amount === null && !isEmpty) return;
    setTyped(null);
    onChange(amount ?? undefined);
  }
  return (
    <TextInput
      inputMode="decimal"
      {...rest}
      value={typed ?? (value === undefined ? "" : value >= 10 ? count(value) : String(value))}
      error={wrong ? "A number, like 1,200 or 1.2m" : undefined}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => event.key === "Enter" && take()}
    />
  );
}

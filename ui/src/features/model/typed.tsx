// A field for a number as people type it; it counts once the field is left or Enter is pressed.
import { TextInput, type TextInputProps } from "@mantine/core";
import { useState } from "react";
import { amountOf } from "../../lib/amount";

interface Props extends Omit<TextInputProps, "value" | "onChange"> {
  value: string;
  /** Why a number cannot stand here, or nothing. */
  refuse?: (value: number) => string | undefined;
  onNumber: (value: number) => void;
}

export function Typed({ value, refuse, onNumber, ...rest }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  const [fault, setFault] = useState<string>();
  function take(): void {
    if (draft === null || draft === value) return setDraft(null);
    const read = amountOf(draft);
    const wrong = read === null ? "A number, such as 0.5 or 1,200." : refuse?.(read);
    setFault(wrong);
    if (wrong || read === null) return;
    setDraft(null);
    onNumber(read);
  }
  return (
    <TextInput
      inputMode="decimal"
      classNames={{ description: "soft" }}
      {...rest}
      value={draft ?? value}
      error={fault}
      onChange={({ currentTarget }) => setDraft(currentTarget.value)}
      onBlur={take}
      onKeyDown={({ key }) => {
        if (key === "Enter") take();
        if (key === "Escape") {
          setDraft(null);
          setFault(undefined);
        }
      }}
    />
  );
}

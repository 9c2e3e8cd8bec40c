// What can be done about a fault of the data, once somebody asks for it: nothing is mended by itself.
import type { Schemas } from "../../api/client";

/** What was asked for, by the word of the spec. */
export type Repairs = Record<string, string>;

interface Repair {
  /** The finding that it ends. */
  code: string;
  option: keyof Schemas["DataOptions"];
  value: string;
  label: string;
}

export const all: readonly Repair[] = [
  {
    code: "data.missing_media",
    option: "missing_media",
    value: "zero",
    label: "Empty cells of media are 0: nothing ran",
  },
  { code: "data.gap", option: "gaps", value: "zero", label: "No media ran in periods without a row" },
  { code: "data.duplicate_key", option: "duplicates", value: "sum", label: "Add up rows of the same period" },
  {
    code: "data.missing_control",
    option: "missing_controls",
    value: "previous",
    label: "Empty cells are as in the period before",
  },
  { code: "data.ambiguous_date", option: "date_format", value: "day_first", label: "The day comes first" },
  { code: "data.ambiguous_date", option: "date_format", value: "month_first", label: "The month comes first" },
  { code: "data.ambiguous_number", option: "decimal", value: "point", label: "1,234.5: the point begins the fraction" },
  { code: "data.ambiguous_number", option: "decimal", value: "comma", label: "1.234,5: the comma begins the fraction" },
];

const isAsked = (repairs: Repairs) => (repair: Repair) => repairs[repair.option] === repair.value;

/** Those that were asked for and that there are. */
export const asked = (repairs: Repairs): Repair[] => all.filter(isAsked(repairs));

/** What can be asked for about a finding. */
export const offers = (code: string): Repair[] => all.filter((repair) => repair.code === code);

/** Whether what was asked for ends this finding. */
export const isMended = (code: string, repairs: Repairs): boolean =>
  asked(repairs).some((repair) => repair.code === code);

/** With one more. */
export const including = (repairs: Repairs, { option, value }: Repair): Repairs => ({ ...repairs, [option]: value });

/** With one less. */
export const without = (repairs: Repairs, { option }: Repair): Repairs =>
  Object.fromEntries(Object.entries(repairs).filter(([name]) => name !== option));

/** As the spec says them. */
export const optionsOf = (repairs: Repairs): Schemas["DataOptions"] =>
  Object.fromEntries(asked(repairs).map(({ option, value }) => [option, value]));

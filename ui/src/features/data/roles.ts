// What each column is: as guessed, and as a person mended it.
import type { Schemas } from "../../api/client";

type Column = Schemas["ColumnView"];

/** The words of the server for what a column can be, with ours. */
export const roles = [
  { value: "time", label: "Date" },
  { value: "kpi", label: "Outcome to explain" },
  { value: "spend", label: "Spend of a channel" },
  { value: "exposure", label: "Exposure of a channel (impressions, clicks)" },
  { value: "organic", label: "Media without spend (newsletters)" },
  { value: "control", label: "Something else that moves the outcome" },
  { value: "events", label: "Events, holidays" },
  { value: "geo", label: "Region" },
  { value: "population", label: "People in the region" },
  { value: "revenue_per_kpi", label: "Money per unit of the outcome" },
  { value: "excluded", label: "Leave it out" },
];

export type Changes = Record<string, string>;

/** There is one of each of these. */
const single = new Set(["time", "kpi", "geo", "population", "revenue_per_kpi"]);

export const roleOf = (column: Column, changes: Changes) => changes[column.name] ?? column.role;

/** The changes after a column got a role; who had a role that only one can have is left out. */
export function changed(columns: readonly Column[], changes: Changes, name: string, role: string): Changes {
  const next: Changes = { ...changes, [name]: role };
  for (const column of columns)
    if (single.has(role) && column.name !== name && roleOf(column, changes) === role) next[column.name] = "excluded";
  return Object.fromEntries(
    Object.entries(next).filter(([name, role]) => columns.find((one) => one.name === name)?.role !== role),
  );
}

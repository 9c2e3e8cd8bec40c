// A table as CSV, which a spreadsheet opens without taking a name for a formula.
import { isNumeric, type Cell, type Column, type Table } from "./table";

export function csv(table: Table): string {
  const head = table.columns.map((column) => text(column.unit ? `${column.title} (${column.unit})` : column.title));
  const rows = table.rows.map((row) => table.columns.map((column, k) => field(row[k] ?? null, column)));
  return [head, ...rows].map((cells) => `${cells.join(",")}\r\n`).join("");
}

function field(cell: Cell, column: Column): string {
  if (cell === null) return "";
  if (isNumeric(column) && typeof cell === "number") return Number.isFinite(cell) ? String(cell) : "";
  return text(String(cell));
}

/** Text that begins like a formula gets an apostrophe: a spreadsheet shows it and evaluates nothing. */
function text(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

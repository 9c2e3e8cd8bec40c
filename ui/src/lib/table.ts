// A table: what a chart draws, as rows of raw numbers with titles and units. CSV and "view as table" show the same.
import { day } from "./dates";
import { figure, known, nothing, percent } from "./numbers";

export type Cell = string | number | null;

export interface Column {
  key: string;
  title: string;
  /** Of the numbers in it; empty where they have none. */
  unit: string;
  /** `fine`: a number whose fourth and fifth digits matter, like R-hat. */
  kind: "text" | "number" | "fine" | "share" | "date";
  /** Digits row by row, where more or fewer matter than the kind says. */
  digits?: readonly number[];
}

export interface Table {
  columns: Column[];
  rows: Cell[][];
}

export function isNumeric(column: Column): boolean {
  return column.kind === "number" || column.kind === "fine" || column.kind === "share";
}

/** A cell as a reader sees it. */
export function shown(cell: Cell | undefined, column: Column, row = 0): string {
  if (cell === null || cell === undefined || cell === "") return nothing;
  if (column.kind === "date") return day(String(cell));
  if (!known(cell)) return String(cell);
  if (column.kind === "share") return percent(cell);
  return figure(cell, column.digits?.[row] ?? (column.kind === "fine" ? 5 : 3));
}

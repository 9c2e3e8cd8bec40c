// The parameter table: what the posterior says of one parameter, and how well it was drawn.
import type { ParameterRow } from "../../api/report";
import type { Cell, Column } from "../../lib/table";

export const parameterColumns: Column[] = [
  { key: "parameter", title: "Parameter", unit: "", kind: "text" },
  { key: "mean", title: "Mean", unit: "", kind: "number" },
  { key: "sd", title: "SD", unit: "", kind: "number" },
  { key: "lower", title: "Lower", unit: "", kind: "number" },
  { key: "upper", title: "Upper", unit: "", kind: "number" },
  { key: "r_hat", title: "R-hat", unit: "", kind: "fine" },
  { key: "ess_bulk", title: "ESS, bulk", unit: "", kind: "number" },
  { key: "ess_tail", title: "ESS, tail", unit: "", kind: "number" },
  { key: "mcse_mean", title: "MCSE of the mean", unit: "", kind: "number" },
];

export function parameterCells(row: ParameterRow): Cell[] {
  const { name, mean, sd, lower, upper, r_hat, ess_bulk, ess_tail, mcse_mean } = row;
  return [name, ...[mean, sd, lower, upper, r_hat, ess_bulk, ess_tail, mcse_mean].map((x) => x ?? null)];
}

// Words that all charts share: intervals, units, and estimates told with both.
import type { Estimate, Report } from "../../api/report";
import { figure, percent, range } from "../../lib/numbers";
import type { Cell, Column } from "../../lib/table";

type Maybe<T> = T | null | undefined;
type Say = (x: number | null | undefined) => string;

/** "95 %" */
export function level({ about }: Report): string {
  return percent(about.level);
}

/** "Intervals: 95 %, equal-tailed." */
export function intervals(report: Report): string {
  return `Intervals hold ${level(report)} of the probability, equal-tailed.`;
}

/** "1.84 (95 %: 1.2–2.6)" */
export function told(estimate: Maybe<Estimate>, report: Report, say: Say = figure, point: "mean" | "median" = "mean") {
  if (!estimate) return "not known";
  return `${say(estimate[point])} (${level(report)}: ${range(estimate.lower, estimate.upper, say)})`;
}

/** "1.84 (1.2–2.6)", where the level is said elsewhere. */
export function brief(estimate: Maybe<Estimate>, say: Say = figure, point: "mean" | "median" = "mean"): string {
  return estimate ? `${say(estimate[point])} (${range(estimate.lower, estimate.upper, say)})` : "";
}

/** Unit of the KPI: "revenue (money)", "orders". */
export function kpiUnit({ about }: Report): string {
  return about.kpi_is_money ? `${about.kpi}, money` : about.kpi;
}

/** Unit of ROAS: "per unit of money spent", where it is money itself; "orders per unit of money spent". */
export function returnUnit({ about }: Report): string {
  return `${about.returns_in_money ? "" : `${about.kpi} `}per unit of money spent`;
}

/** Unit of an outcome that is money or KPI units. */
export function outcomeUnit(inMoney: boolean, { about }: Report): string {
  return inMoney ? "money" : about.kpi;
}

/** Columns of an estimate. */
export function estimateColumns(
  key: string,
  title: string,
  unit: string,
  kind: "number" | "share" = "number",
): Column[] {
  return [
    { key: `${key}_mean`, title: `${title}, mean`, unit, kind },
    { key: `${key}_median`, title: `${title}, median`, unit, kind },
    { key: `${key}_lower`, title: `${title}, lower`, unit, kind },
    { key: `${key}_upper`, title: `${title}, upper`, unit, kind },
  ];
}

/** Cells under the columns of an estimate. */
export function estimateCells(estimate: Maybe<Estimate>): Cell[] {
  return estimate
    ? [estimate.mean, estimate.median, estimate.lower, estimate.upper].map((x) => x ?? null)
    : [null, null, null, null];
}

/** Columns of a band. */
export function bandColumns(key: string, title: string, unit: string, kind: "number" | "share" = "number"): Column[] {
  return estimateColumns(key, title, unit, kind).filter((column) => !column.key.endsWith("_median"));
}

// The checks of a fit in words.
import type { CheckRow, Mark, Wanted } from "../../api/report";
import { figure, percent, telling } from "../../lib/numbers";
import type { Tokens } from "./look";

/** Of a mark: a symbol, a word and a colour, never the colour alone. */
export const marks: Record<Mark, { symbol: string; word: string; colour: keyof Tokens }> = {
  ok: { symbol: "✓", word: "fine", colour: "good" },
  look: { symbol: "!", word: "look", colour: "warn" },
  failed: { symbol: "✕", word: "failed", colour: "bad" },
};

export const checkNames: Record<CheckRow["check"], string> = {
  complete: "Chains cut short",
  approximation: "Distance of the preview (Pareto k)",
  r_hat: "Agreement of the chains (R-hat)",
  ess_bulk: "Effective draws (bulk)",
  ess_tail: "Effective draws (tails)",
  divergences: "Divergences",
  e_bfmi: "Energy of the sampler (E-BFMI)",
  r_squared: "Variance explained (R²)",
  mape: "Mean absolute percentage error",
  coverage95: "Inside the 95 % interval",
  coverage80: "Inside the 80 % interval",
  coverage50: "Inside the 50 % interval",
  holdout_coverage95: "Held-out data inside 95 %",
  serial_correlation: "Memory in what is left over (p)",
  normality: "Normal noise (p)",
  collinearity: "Series that say the same (VIF)",
  pareto_k: "Single periods that decide (Pareto k)",
  follows_prior: "Channels that follow the prior",
  confounded: "Channels that cannot be told apart",
};

const shares = new Set<CheckRow["check"]>(["complete", "coverage95", "coverage80", "coverage50", "holdout_coverage95"]);

/** The figure of a check, with as many digits as it takes to lie where its mark says. */
export function said(row: Pick<CheckRow, "check" | "figure" | "wanted">): string {
  return worded(row.check, row.figure, digitsOf(row));
}

/** "below 1.01", "between 90 % and 99 %" */
export function wantedWords(row: Pick<CheckRow, "check" | "figure" | "wanted">): string {
  const say = (x: number) => worded(row.check, x, digitsOf(row));
  const { wanted } = row;
  if ("below" in wanted) return `below ${say(wanted.below)}`;
  if ("at_most" in wanted) return `at most ${say(wanted.at_most)}`;
  if ("at_least" in wanted) return `at least ${say(wanted.at_least)}`;
  return `between ${say(wanted.between[0])} and ${say(wanted.between[1])}`;
}

/** Digits of a figure and of its bounds. */
export function digitsOf({ check, figure, wanted }: Pick<CheckRow, "check" | "figure" | "wanted">): number {
  return telling(figure, boundsOf(wanted), check === "r_hat" ? 5 : 3);
}

function boundsOf(wanted: Wanted): readonly number[] {
  if ("below" in wanted) return [wanted.below];
  if ("at_most" in wanted) return [wanted.at_most];
  if ("at_least" in wanted) return [wanted.at_least];
  return wanted.between;
}

function worded(check: CheckRow["check"], x: number | null | undefined, digits: number): string {
  if (shares.has(check)) return percent(x, digits);
  return check === "mape" ? `${figure(x, digits)}\u00a0%` : figure(x, digits);
}

// The checks of a fit in words.
import type { CheckRow, Mark, Wanted } from "../../api/report";
import { figure, percent } from "../../lib/numbers";
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

export function said({ check, figure: x }: Pick<CheckRow, "check" | "figure">): string {
  if (shares.has(check)) return percent(x);
  return check === "mape" ? `${figure(x)}\u00a0%` : figure(x, check === "r_hat" ? 5 : 3);
}

/** "below 1.01", "between 90 % and 99 %" */
export function wantedWords(check: CheckRow["check"], wanted: Wanted): string {
  const say = (x: number) => said({ check, figure: x });
  if ("below" in wanted) return `below ${say(wanted.below)}`;
  if ("at_most" in wanted) return `at most ${say(wanted.at_most)}`;
  if ("at_least" in wanted) return `at least ${say(wanted.at_least)}`;
  return `between ${say(wanted.between[0])} and ${say(wanted.between[1])}`;
}

// Plans side by side.
import type { PlanRow } from "../api/report";
import { short } from "../lib/names";
import { figure, probability } from "../lib/numbers";
import { chart } from "./kit/chart";
import { forest, forestHeight, type Row } from "./kit/forest";
import { tokens, type Look } from "./kit/look";
import { brief, estimateCells, estimateColumns, outcomeUnit, returnUnit, told } from "./kit/words";

export const plans = chart({
  name: "plans",
  exhibit: "plans",
  question: "How do plans compare?",
  note: "What advertising brings under each plan. Intervals overlap more than the plans differ, because all share the same uncertainty: the probability beside each says how sure the difference to today's plan is.",
  missing: (data) => (data.plans.length ? null : "There is no plan to compare."),
  sentence: ({ plans: all }, report) => {
    const [best] = [...all].sort((a, b) => b.p_best - a.p_best);
    if (!best) return "";
    const gain = best.gain ? `, ${told(best.gain, report)} more than today's` : "";
    return `The plan “${short(best.name, 40)}” is the best of ${all.length} with a probability of ${probability(best.p_best)}${gain}.`;
  },
  option: (data, report, look) =>
    forest(
      data.plans.map((plan, k) => rowOf(plan, k, look)),
      { name: `incremental outcome, ${outcomeUnit(data.in_money, report)}`, free: true },
      look,
    ),
  table: (data, report) => ({
    columns: [
      { key: "plan", title: "Plan", unit: "", kind: "text" },
      { key: "budget", title: "Budget", unit: "money", kind: "number" },
      ...estimateColumns("outcome", "Outcome", outcomeUnit(data.in_money, report)),
      {
        key: "outcome_at_least",
        title: "Outcome reached with 90 %",
        unit: outcomeUnit(data.in_money, report),
        kind: "number",
      },
      ...estimateColumns("roas", "Outcome per money", returnUnit(report)),
      ...estimateColumns("gain", "More than today's", outcomeUnit(data.in_money, report)),
      { key: "p_better", title: "Probability to beat today's", unit: "", kind: "share" },
      { key: "p_best", title: "Probability to be the best", unit: "", kind: "share" },
      ...data.cells.map((name, k) => ({
        key: `spend_${k + 1}`,
        title: `Spend on ${name}`,
        unit: "money",
        kind: "number" as const,
      })),
    ],
    rows: data.plans.map((plan) => [
      plan.name,
      plan.budget,
      ...estimateCells(plan.outcome),
      plan.outcome_at_least,
      ...estimateCells(plan.roas),
      ...estimateCells(plan.gain),
      plan.p_better ?? null,
      plan.p_best,
      ...plan.spend,
    ]),
  }),
  height: (data) => forestHeight(data.plans.length),
});

function rowOf(plan: PlanRow, k: number, look: Look): Row {
  const t = tokens(look);
  const better = typeof plan.p_better === "number" ? `beats today's: ${probability(plan.p_better)}` : "";
  return {
    name: plan.name,
    colour: k === 0 ? t.baseline : t.accent,
    point: plan.outcome.mean,
    lower: plan.outcome.lower,
    upper: plan.outcome.upper,
    text: brief(plan.outcome),
    remark: better,
    tip: [
      short(plan.name, 60),
      `budget ${figure(plan.budget)}`,
      `brings ${brief(plan.outcome)}`,
      plan.gain ? `more than today's: ${brief(plan.gain)}` : "",
      better,
      `best of all: ${probability(plan.p_best)}`,
    ]
      .filter(Boolean)
      .join("\n"),
  };
}

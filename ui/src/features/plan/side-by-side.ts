// Plans that the server weighed, as the chart and the table of a report know them.
import type { PlanTable } from "../../api/report";
import type { Scenario, Spread } from "./answers";

export type Weighed = Scenario & { p_best: number };

const estimate = ({ mean, median, lower, upper }: Spread) => ({ mean, median, lower, upper });

/** `cautious`: the same plans at a level of 0.8, whose lower ends are reached with a probability of 0.9. */
export function sideBySide(weighed: Weighed[], cautious: Scenario[], inMoney: boolean): PlanTable {
  return {
    plans: weighed.map((plan, k) => ({
      name: k === 0 ? "today" : plan.name,
      budget: plan.budget.total,
      outcome: estimate(plan.outcome),
      outcome_at_least: cautious[k]?.outcome.lower ?? plan.outcome.lower,
      roas: plan.roas && estimate(plan.roas),
      gain: plan.against_first && estimate(plan.against_first.lift),
      p_better: plan.against_first?.p_better ?? null,
      p_best: plan.p_best,
      spend: plan.channels.map(({ spend }) => spend.total),
    })),
    cells: weighed[0]?.channels.map(({ name }) => name) ?? [],
    in_money: inMoney,
  };
}

// A plan as the charts of the report know it. Every figure is the server's: what each change brings alone, and what the
// plan reaches with a probability of 0.9, are asked as scenarios on the same draws.
import type { PlanOutlook } from "../../api/report";
import type { Plan, Scenario, Spread } from "./answers";

const estimate = ({ mean, median, lower, upper }: Spread) => ({ mean, median, lower, upper });

/** The plan itself, and today's with one channel changed at a time. */
export function stepsOf(plan: Plan): { name: string; spend: Record<string, number> }[] {
  const today = Object.fromEntries(plan.moves.map(({ name, current }) => [name, current.total]));
  const whole = { name: "plan", spend: spendOf(plan) };
  return [
    whole,
    ...plan.channels.map(({ name, spend }) => ({ name: `only ${name}`, spend: { ...today, [name]: spend.total } })),
  ];
}

export const spendOf = (plan: Plan) => Object.fromEntries(plan.channels.map(({ name, spend }) => [name, spend.total]));

/** `steps`: of `stepsOf`, today's first. `cautious`: the plan at a level of 0.8, whose lower end is reached with 0.9. */
export function outlookOf(plan: Plan, steps: Scenario[], cautious: Scenario[]): PlanOutlook | null {
  const [today, whole, ...alone] = steps;
  const against = whole?.against_first;
  const least = cautious[1]?.against_first?.lift.lower;
  if (!today || !against || least === undefined || alone.length !== plan.channels.length) return null;
  return {
    name: "plan",
    is_proposed: false,
    periods: plan.horizon.periods,
    in_money: plan.unit.kind === "money",
    budget: plan.budget.total,
    budget_today: today.budget.total,
    outcome: estimate(plan.outcome),
    outcome_today: estimate(today.outcome),
    gain: estimate(against.lift),
    relative_gain: against.relative_lift && estimate(against.relative_lift),
    p_better: against.p_better,
    gain_at_least: least,
    proven_within: plan.proof?.relative_gap ?? null,
    moves: plan.channels.map((cell, k) => {
      const move = plan.moves[k];
      const lift = alone[k]?.against_first?.lift;
      return {
        name: cell.name,
        channel: cell.channel,
        today: move?.current.total ?? 0,
        planned: cell.spend.total,
        change: move?.change ?? null,
        least: move?.bounds[0] ?? null,
        most: move?.bounds[1] ?? null,
        binding: move?.binding ?? null,
        gain: lift ? estimate(lift) : { mean: 0, median: 0, lower: 0, upper: 0 },
        outcome: estimate(cell.outcome),
        marginal: estimate(cell.marginal),
      };
    }),
    findings: [],
  };
}

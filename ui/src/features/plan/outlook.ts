// A plan as the charts of the report know it. Every figure is the server's: what each change brings alone, and what the
// plan reaches with a probability of 0.9, are asked as scenarios on the same draws.
import type { PlanOutlook } from "../../api/report";
import type { Plan, Scenario, Spread } from "./answers";

type Spend = Record<string, number>;

interface Named {
  name: string;
  spend: Spend;
}

/** Moves that can be asked about one by one; more are shown without what each brings. */
export const mostSteps = 45;

const estimate = ({ mean, median, lower, upper }: Spread) => ({ mean, median, lower, upper });
const nothing = { mean: 0, median: 0, lower: 0, upper: 0 };

/** The plan where the cells `of` change and all others stay as today. */
export function partOf(plan: Plan, of: readonly number[]): Named {
  const changed = of.flatMap((k) => {
    const cell = plan.channels[k];
    return cell ? [[cell.name, cell.spend.total] as const] : [];
  });
  return { name: "plan", spend: { ...todayOf(plan), ...Object.fromEntries(changed) } };
}

/** That plan, and today's with one cell changed at a time where there are not too many. */
export function stepsOf(plan: Plan, of: readonly number[]): Named[] {
  const whole = partOf(plan, of);
  if (of.length > mostSteps) return [whole];
  return [whole, ...of.map((k) => ({ ...partOf(plan, [k]), name: `only ${plan.channels[k]?.name ?? k}` }))];
}

const todayOf = (plan: Plan): Spend => Object.fromEntries(plan.moves.map(({ name, current }) => [name, current.total]));

/** `steps`: of `stepsOf`, today's first. `cautious`: the plan at a level of 0.8, whose lower end is reached with 0.9. */
export function outlookOf(
  plan: Plan,
  of: readonly number[],
  steps: Scenario[],
  cautious: Scenario[],
): PlanOutlook | null {
  const [today, whole, ...alone] = steps;
  const against = whole?.against_first;
  const least = cautious[1]?.against_first?.lift.lower;
  if (!today || !against || least === undefined) return null;
  return {
    name: "plan",
    is_proposed: false,
    periods: plan.horizon.periods,
    in_money: plan.unit.kind === "money",
    budget: sum(of, (k) => plan.channels[k]?.spend.total),
    budget_today: sum(of, (k) => plan.moves[k]?.current.total),
    outcome: estimate(whole.outcome),
    outcome_today: estimate(today.outcome),
    gain: estimate(against.lift),
    relative_gain: against.relative_lift && estimate(against.relative_lift),
    p_better: against.p_better,
    gain_at_least: least,
    proven_within: plan.proof?.relative_gap ?? null,
    moves: of.flatMap((k, at) => {
      const [cell, move, lift] = [plan.channels[k], plan.moves[k], alone[at]?.against_first?.lift];
      if (!cell || !move) return [];
      return [
        {
          name: cell.name,
          channel: cell.channel,
          today: move.current.total,
          planned: cell.spend.total,
          change: move.change,
          least: move.bounds[0],
          most: move.bounds[1],
          binding: move.binding,
          gain: lift ? estimate(lift) : nothing,
          outcome: estimate(cell.outcome),
          marginal: estimate(cell.marginal),
        },
      ];
    }),
    findings: [],
  };
}

const sum = (of: readonly number[], value: (k: number) => number | undefined) =>
  of.reduce((total, k) => total + (value(k) ?? 0), 0);

// The recommended move: what, what it gains, how sure that is, and what to know before.
import type { PlanMove, PlanOutlook, Report } from "../api/report";
import { outcomeUnit, told } from "../charts/kit/words";
import { list, plural, short } from "../lib/names";
import { change, figure, known, percent, probability } from "../lib/numbers";
import { Findings } from "./findings";

export function Move({ plan, report }: { plan: PlanOutlook; report: Report }) {
  return (
    <div className="move">
      <h3>{plan.is_proposed ? "What to move" : `The plan “${short(plan.name, 60)}”`}</h3>
      <p>{what(plan, report)}</p>
      <p>
        {gain(plan, report)} {breakEven(plan, report)}
      </p>
      <Findings findings={plan.findings} none="" />
    </div>
  );
}

function what(plan: PlanOutlook, { about }: Report): string {
  const moved = (way: 1 | -1) =>
    plan.moves
      .filter((move) => way * (move.planned - move.today) > 0.005 * move.today)
      .sort((a, b) => way * (b.planned - b.today - (a.planned - a.today)))
      .map(named);
  const [more, less] = [moved(1), moved(-1)];
  const budget =
    Math.abs(plan.budget - plan.budget_today) < 0.005 * plan.budget_today
      ? `The budget stays at ${figure(plan.budget)} of money over ${plural(plan.periods, about.period)}.`
      : `The budget goes from ${figure(plan.budget_today)} to ${figure(plan.budget)} of money over ${plural(plan.periods, about.period)}.`;
  if (!more.length && !less.length) return `Leave the money where it is. ${budget}`;
  return `${more.length ? `More on ${list(more)}. ` : ""}${less.length ? `Less on ${list(less)}. ` : ""}${budget}`;
}

function named(move: PlanMove): string {
  return `${short(move.name, 30)} (${move.today > 0 ? change(move.change) : "new"})`;
}

function gain(plan: PlanOutlook, report: Report): string {
  const unit = outcomeUnit(plan.in_money, report);
  const sure = `Over ${plural(plan.periods, report.about.period)} that brings ${told(plan.gain, report)} more ${unit} than today's plan. It beats today's with a probability of ${probability(plan.p_better)}`;
  const least =
    plan.gain_at_least > 0 ? `; with a probability of 90\u00a0% it gains at least ${figure(plan.gain_at_least)}` : "";
  return `${sure}${least}. ${proof(plan)}`;
}

/** Where money is only moved, the budget itself may be too large or too small. */
function breakEven(plan: PlanOutlook, { exhibits }: Report): string {
  const { frontier } = exhibits;
  if (!frontier?.in_money) return "";
  if (!known(frontier.break_even))
    return (frontier.marginal.mean.at(-1) ?? 0) >= 1
      ? "At this budget the last unit of money still pays for itself."
      : "";
  const at = `${figure(frontier.break_even)} of money`;
  return frontier.break_even < plan.budget
    ? `The budget itself is beyond the point where the last unit of money pays for itself, at about ${at}.`
    : `The last unit of money pays for itself up to a budget of about ${at}.`;
}

function proof({ proven_within: within }: PlanOutlook): string {
  if (within === null || within === undefined) return "That no plan is better was not proven.";
  return `No other plan within the same bounds can beat it by more than ${percent(Math.max(within, 1e-4), 1)} (proven).`;
}

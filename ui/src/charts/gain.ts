// What a plan brings more than today's, move by move and in total.
import type { Estimate, PlanOutlook, Report } from "../api/report";
import { plural, short } from "../lib/names";
import { difference, percent, probability, range } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { forestHeight, margins } from "./kit/forest";
import { acrossValues, downNames, frame } from "./kit/frame";
import { tokens, type Look } from "./kit/look";
import { rule, rules } from "./kit/marks";
import { colourOf } from "./kit/palette";
import { steps, type Step } from "./kit/steps";
import { estimateCells, estimateColumns, intervals, outcomeUnit, told } from "./kit/words";

const total = "The whole plan";

export const gain = chart({
  name: "gain",
  exhibit: "plan",
  question: "What would the plan gain?",
  note: "What each move brings more or less than today's money on that channel, and the whole plan at the bottom with its interval. Money taken away costs, money added brings; the plan is worth it where the sum is above 0.",
  missing: (data) => (data.moves.length ? null : "The plan moves nothing."),
  sentence: (data, report) => {
    const unit = outcomeUnit(data.in_money, report);
    const whole = `Over ${plural(data.periods, report.about.period)} the plan brings ${told(data.gain, report)} more ${unit} than today's`;
    const relative = data.relative_gain
      ? `, ${told(data.relative_gain, report, percent2)} of what advertising brings today`
      : "";
    return `${whole}${relative}. It beats today's with a probability of ${probability(data.p_better)}.`;
  },
  option,
  table: (data, report) => ({
    columns: [
      { key: "name", title: "Channel", unit: "", kind: "text" },
      { key: "today", title: "Today", unit: "money", kind: "number" },
      { key: "planned", title: "Planned", unit: "money", kind: "number" },
      ...estimateColumns("gain", "Gain", outcomeUnit(data.in_money, report)),
    ],
    rows: [
      ...data.moves.map((move) => [move.name, move.today, move.planned, ...estimateCells(move.gain)]),
      [total, data.budget_today, data.budget, ...estimateCells(data.gain)],
    ],
  }),
  caption: (_, report) =>
    report.about.adds_up
      ? intervals(report)
      : `${intervals(report)} Effects multiply in this model, so moves do not add up to the whole; every bar begins at 0.`,
  height: (data) => forestHeight(data.moves.length + 1),
});

const percent2 = (x: number | null | undefined) => percent(x, 2);

function option(data: PlanOutlook, report: Report, look: Look): Option {
  const t = tokens(look);
  const linked = report.about.adds_up;
  let at = 0;
  const bars = [
    ...data.moves.map((move) => {
      const from = linked ? at : 0;
      at += move.gain.mean;
      return stepOf(move.name, from, move.gain, colourOf(move.channel, report, look));
    }),
    stepOf(total, 0, data.gain, data.gain.mean >= 0 ? t.good : t.bad, `better: ${probability(data.p_better)}`),
  ];
  const { most, left, right } = margins(look, bars);
  return {
    ...frame(look),
    grid: [{ left, right, top: 26, bottom: 48 }],
    xAxis: [
      acrossValues(look, {
        name: `${outcomeUnit(data.in_money, report)} over ${plural(data.periods, report.about.period)}`,
      }),
    ],
    yAxis: [
      downNames(
        look,
        bars.map((bar) => short(bar.name, most)),
      ),
    ],
    series: [
      steps(bars, look, right > 16, linked),
      { type: "line", data: [], markLine: rules([rule(0, "today's plan", look, t.soft, "start")]) },
    ],
  };
}

function stepOf(name: string, from: number, gain: Estimate, colour: string, remark = ""): Step {
  const text = `${difference(gain.mean)} (${range(gain.lower, gain.upper)})`;
  return {
    name,
    from,
    to: from + gain.mean,
    lower: from + gain.lower,
    upper: from + gain.upper,
    colour,
    text,
    remark,
    tip: [name, text, remark].filter(Boolean).join("\n"),
  };
}

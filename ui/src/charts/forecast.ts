// What comes next: the KPI under the plan and under today's money.
import type { Assumption, ForecastOutlook, Report } from "../api/report";
import { day, instant } from "../lib/dates";
import { list, plural, short } from "../lib/names";
import { figure, range } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { acrossDates, frame, upValues } from "./kit/frame";
import { legend } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { band, line } from "./kit/marks";
import { bandColumns, intervals, kpiUnit, level, told } from "./kit/words";

export const forecast = chart({
  name: "forecast",
  exhibit: "forecast",
  question: "What comes next?",
  note: "The dark line is the last year, the coloured one what the model expects under the plan, the dashed one what it expects if money stays as it is. The wide band should hold nearly all of what will be seen, as long as the assumptions hold.",
  missing: (data) => (data.dates.length ? null : "Nothing lies ahead."),
  sentence: (data, report) => {
    const span = plural(data.dates.length, report.about.period);
    const unit = kpiUnit(report);
    const plan = `Under the plan “${short(data.plan.name, 40)}” the next ${span} bring ${told(data.plan.total, report)} of ${unit}`;
    const gain = `${told(data.gain, report)} more than with today's money`;
    return `${plan}, ${gain}. It is taken that ${data.assumptions.map(inWords).join("; ")}.`;
  },
  option,
  table: (data, report) => ({
    columns: [
      { key: "date", title: "First day", unit: "", kind: "date" },
      ...bandColumns("plan", "Expected under the plan", kpiUnit(report)),
      ...bandColumns("plan_new", "New observation under the plan", kpiUnit(report)),
      ...bandColumns("today", "Expected with today's money", kpiUnit(report)),
      ...bandColumns("today_new", "New observation with today's money", kpiUnit(report)),
    ],
    rows: data.dates.map((date, k) => [
      date,
      ...[data.plan.mean, data.plan.predictive, data.today.mean, data.today.predictive].flatMap(
        ({ mean, lower, upper }) => [mean[k], lower[k], upper[k]].map((x) => x ?? null),
      ),
    ]),
  }),
  caption: (_, report) => `${intervals(report)} Wide band: a new observation; narrow band: the expected value.`,
  height: (_, __, look) => (look.width < 520 ? 300 : 340),
});

const kinds: Record<Assumption["kind"], (names: string) => string> = {
  as_a_year_before: (names) => `${names} are as in the same periods a year before`,
  as_in_the_last_period: (names) => `${names} stay at their last value`,
  baseline_goes_on: () => "trend and seasons go on as the model has them",
  spent_evenly: () => "money is the same in every period",
};

function inWords({ kind, names }: Assumption): string {
  return kinds[kind](list(names));
}

function option(data: ForecastOutlook, report: Report, look: Look): Option {
  const t = tokens(look);
  const [past, ahead] = [data.past_dates.map(instant), data.dates.map(instant)];
  const { plan, today } = data;
  const expected = (ys: readonly number[]) => ahead.map((at, k) => [at, ys[k]] as const);
  return {
    ...frame(look),
    ...legend(look, [
      { name: `${short(report.about.kpi)}, observed`, colour: t.ink },
      { name: "expected under the plan", colour: t.accent },
      { name: "new observation", colour: t.accent, faint: true },
      { name: "with today's money", colour: t.baseline, dashed: true },
    ]),
    tooltip: { ...frame(look).tooltip, trigger: "axis" },
    grid: [{ left: 58, right: 16, top: 68, bottom: 32 }],
    xAxis: [acrossDates(look)],
    yAxis: [upValues(look, { name: `${kpiUnit(report)} per ${report.about.period}`, free: true })],
    series: [
      band({}, ahead, plan.predictive.lower, plan.predictive.upper, t.accent, 0.14),
      band({}, ahead, plan.mean.lower, plan.mean.upper, t.accent, 0.3),
      line({}, expected(today.mean.mean), t.baseline, {
        lineStyle: { color: t.baseline, width: 1.4, type: "dashed" },
      }),
      {
        ...line({ z: 5 }, [], t.accent),
        data: ahead.map((at, k) => ({ value: [at, plan.mean.mean[k] ?? null], tip: tip(data, k, report) })),
      },
      {
        ...line({ z: 5 }, [], t.ink, { lineStyle: { color: t.ink, width: 1.2 } }),
        data: past.map((at, k) => ({
          value: [at, data.past[k] ?? null],
          tip: `${day(data.past_dates[k] ?? "")}\nobserved: ${figure(data.past[k])}`,
        })),
      },
    ],
  };
}

function tip({ dates, plan, today }: ForecastOutlook, k: number, report: Report): string {
  return [
    day(dates[k] ?? ""),
    `under the plan: ${figure(plan.mean.mean[k])} (${range(plan.mean.lower[k], plan.mean.upper[k])})`,
    `new observation: ${range(plan.predictive.lower[k], plan.predictive.upper[k])}`,
    `with today's money: ${figure(today.mean.mean[k])} (${range(today.mean.lower[k], today.mean.upper[k])})`,
    `intervals: ${level(report)}`,
  ].join("\n");
}

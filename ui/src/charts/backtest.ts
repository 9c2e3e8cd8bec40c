// Fits on the past that predict what followed, beside what came.
import type { FoldRow, Foresight, Report } from "../api/report";
import { day, instant } from "../lib/dates";
import { plural, short } from "../lib/names";
import { count, figure, known, percent, range } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { acrossDates, frame, upValues } from "./kit/frame";
import { legend } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { band, line, rule, rules } from "./kit/marks";
import { bandColumns, intervals, kpiUnit, level } from "./kit/words";

export const backtest = chart({
  name: "backtest",
  exhibit: "foresight",
  question: "Would it have foreseen what came?",
  note: "At each dashed rule the model was fitted to what was known then and predicted what followed. The dark line should stay in the bands about as often as they promise. The naive forecast, which skill is measured by, is the same period a year before.",
  missing: (data) => (data.folds.length ? null : "No backtest was made."),
  sentence: (data, report) => {
    const span = `${plural(data.folds.length, "fit")} on the past predicted ${plural(data.horizon, report.about.period)} each`;
    const failed = data.folds.filter((fold) => !fold.converged).length;
    if (!data.cells) return `${span}; none of them converged, so nothing is known.`;
    const inside = `${count(data.inside)} of ${count(data.cells)} values fell into their interval, which is to hold ${level(report)}`;
    const error = known(data.mape) ? `; the mean error was ${percent(data.mape / 100)}` : "";
    const skill = known(data.skill) ? `, skill against the naive forecast ${figure(data.skill, 2)}` : "";
    return `${span}: ${inside}${error}${skill}.${failed ? ` ${plural(failed, "fit")} did not converge and count nowhere.` : ""}`;
  },
  option,
  table: (data, report) => ({
    columns: [
      { key: "fold", title: "Fold", unit: "", kind: "number" },
      { key: "learned_to", title: "Learned until", unit: "", kind: "date" },
      { key: "date", title: "First day", unit: "", kind: "date" },
      { key: "kpi", title: report.about.kpi, unit: "observed", kind: "number" },
      ...bandColumns("foreseen", "Foreseen", kpiUnit(report)),
      { key: "converged", title: "Converged", unit: "", kind: "text" },
    ],
    rows: data.folds.flatMap((fold) =>
      fold.dates.map((date, k) => [
        fold.number,
        fold.learned_to,
        date,
        fold.kpi[k] ?? null,
        ...[fold.predictive.mean[k], fold.predictive.lower[k], fold.predictive.upper[k]].map((x) => x ?? null),
        fold.converged ? "yes" : "no",
      ]),
    ),
  }),
  caption: (_, report) => `${intervals(report)} They are about a new observation.`,
  height: (_, __, look) => (look.width < 520 ? 300 : 340),
});

function option(data: Foresight, report: Report, look: Look): Option {
  const t = tokens(look);
  return {
    ...frame(look),
    ...legend(look, [
      { name: `${short(report.about.kpi)}, observed`, colour: t.ink },
      { name: "foreseen", colour: t.accent },
      { name: "its interval", colour: t.accent, faint: true },
      { name: "where the model stopped learning", colour: t.soft, dashed: true },
    ]),
    tooltip: { ...frame(look).tooltip, trigger: "axis" },
    grid: [{ left: 58, right: 16, top: 86, bottom: 32 }],
    xAxis: [acrossDates(look)],
    yAxis: [upValues(look, { name: `${kpiUnit(report)} per ${report.about.period}`, free: true })],
    series: data.folds.flatMap((fold) => series(fold, report, look)),
  };
}

function series(fold: FoldRow, report: Report, look: Look) {
  const t = tokens(look);
  const x = fold.dates.map(instant);
  const { mean, lower, upper } = fold.predictive;
  const [first] = x;
  return [
    band({}, x, lower, upper, t.accent, fold.converged ? 0.2 : 0.08),
    line(
      {},
      x.map((at, k) => [at, mean[k]]),
      t.accent,
      first === undefined ? {} : { markLine: rules([rule(first, fold.converged ? "" : "not converged", look)]) },
    ),
    {
      ...line({ z: 5 }, [], t.ink, { lineStyle: { color: t.ink, width: 1.2 }, showSymbol: x.length < 40 }),
      data: x.map((at, k) => ({
        value: [at, fold.kpi[k] ?? null],
        tip: [
          `${day(fold.dates[k] ?? "")}, fold ${fold.number}`,
          `observed: ${figure(fold.kpi[k])}`,
          `foreseen: ${figure(mean[k])} (${range(lower[k], upper[k])})`,
          `interval: ${level(report)}`,
        ].join("\n"),
      })),
    },
  ];
}

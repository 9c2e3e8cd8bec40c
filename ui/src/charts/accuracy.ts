// How closely the model follows the KPI: whether its intervals hold what they promise, and figures of fit.
import type { AccuracyRow, AccuracyTable, Report } from "../api/report";
import { figure, percent } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { acrossValues, downNames, frame } from "./kit/frame";
import { legend } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { pairs } from "./kit/pairs";
import { kpiUnit, told } from "./kit/words";

const levels = [
  { promise: 0.5, of: (row: AccuracyRow) => row.coverage_50 },
  { promise: 0.8, of: (row: AccuracyRow) => row.coverage_80 },
  { promise: 0.95, of: (row: AccuracyRow) => row.coverage_95 },
];
const windows = { training: "training", holdout: "held out" };

export const accuracy = chart({
  name: "accuracy",
  exhibit: "accuracy",
  question: "How close is the model?",
  note: "An interval that promises 80 % should hold 80 % of what happened: the coloured bar should be as long as the grey one. Held-out periods are the honest test, for the model has not seen them.",
  missing: (data) => (data.rows.length ? null : "Nothing was compared."),
  sentence: (data, report) => {
    const [training, holdout] = [
      data.rows.find((row) => row.window === "training"),
      data.rows.find((row) => row.window === "holdout"),
    ];
    const explained = `The model explains ${told(data.bayesian_r_squared, report, percent)} of the variance.`;
    const miss = training
      ? ` It misses by ${figure(training.mape)}\u00a0% on average in training${holdout ? `, by ${figure(holdout.mape)}\u00a0% in held-out periods` : "; nothing was held back"}.`
      : "";
    return explained + miss;
  },
  option,
  table: (data, report) => ({
    columns: [
      { key: "window", title: "Window", unit: "", kind: "text" },
      { key: "n", title: "Observations", unit: "", kind: "number" },
      { key: "r_squared", title: "R²", unit: "", kind: "number" },
      { key: "adjusted_r_squared", title: "R², adjusted", unit: "", kind: "number" },
      { key: "mape", title: "MAPE", unit: "%", kind: "number" },
      { key: "wmape", title: "wMAPE", unit: "%", kind: "number" },
      { key: "rmse", title: "RMSE", unit: kpiUnit(report), kind: "number" },
      { key: "mae", title: "MAE", unit: kpiUnit(report), kind: "number" },
      { key: "crps", title: "CRPS", unit: kpiUnit(report), kind: "number" },
      { key: "coverage_50", title: "Inside 50 %", unit: "", kind: "share" },
      { key: "coverage_80", title: "Inside 80 %", unit: "", kind: "share" },
      { key: "coverage_95", title: "Inside 95 %", unit: "", kind: "share" },
    ],
    rows: data.rows.map((row) => [
      windows[row.window],
      ...[row.n, row.r_squared, row.adjusted_r_squared, row.mape, row.wmape, row.rmse, row.mae, row.crps].map(
        (x) => x ?? null,
      ),
      row.coverage_50,
      row.coverage_80,
      row.coverage_95,
    ]),
  }),
  caption: (data) =>
    `Durbin–Watson ${figure(data.durbin_watson)} (2 without serial correlation). Predictive intervals, equal-tailed.`,
  height: (data) => data.rows.length * levels.length * 34 + 96,
});

function option(data: AccuracyTable, _: Report, look: Look): Option {
  const t = tokens(look);
  const rows = data.rows.flatMap((row) =>
    levels.map(({ promise, of }) => ({
      name: `${percent(promise)}, ${windows[row.window]}`,
      colour: row.window === "holdout" ? t.warn : t.accent,
      before: promise,
      after: of(row),
      text: percent(of(row)),
      tip: `${windows[row.window]}\npromised: ${percent(promise)}\nheld: ${percent(of(row))} of ${row.n} observations`,
    })),
  );
  return {
    ...frame(look),
    ...legend(look, [
      { name: "promised", colour: t.ghost, block: true },
      { name: "held, training", colour: t.accent, block: true },
      ...(data.rows.length > 1 ? [{ name: "held, held-out periods", colour: t.warn, block: true }] : []),
    ]),
    grid: [{ left: 130, right: 80, top: 46, bottom: 48 }],
    xAxis: [
      acrossValues(look, {
        name: "share of observations inside their predictive interval",
        min: 0,
        max: 1,
        say: (x) => percent(x),
      }),
    ],
    yAxis: [
      downNames(
        look,
        rows.map((row) => row.name),
      ),
    ],
    series: [pairs(rows, look, true)],
  };
}

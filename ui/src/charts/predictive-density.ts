// The distribution of the KPI beside that of data the model would make.
import type { Calibration, DensityBar, Report } from "../api/report";
import { figure, percent, range } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { columns } from "./kit/columns";
import { acrossValues, frame, upValues } from "./kit/frame";
import { legend } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { brief, estimateCells, estimateColumns, kpiUnit } from "./kit/words";

export const predictiveDensity = chart({
  name: "predictive-density",
  exhibit: "calibration",
  question: "Would the model make data like these?",
  note: "Bars are what was observed, lines the range in which data made by the model fall. A bar outside its line shows values that the model makes too often or too rarely.",
  missing: (data) => (data.density.length ? null : "There is no distribution to compare."),
  sentence: (data) => {
    const out = data.density.filter((bar) => isOut(bar)).length;
    return out
      ? `${out} of ${data.density.length} bars lie outside the range of data made by the model.`
      : `All ${data.density.length} bars lie within the range of data made by the model.`;
  },
  option,
  table: (data, report) => ({
    columns: [
      { key: "from", title: "From", unit: kpiUnit(report), kind: "number" },
      { key: "to", title: "To", unit: kpiUnit(report), kind: "number" },
      { key: "observed", title: "Observed", unit: "of the periods", kind: "share" },
      ...estimateColumns("predicted", "Made by the model", "of the periods", "share"),
    ],
    rows: data.density.map((bar) => [bar.from, bar.to, bar.observed, ...estimateCells(bar.predicted)]),
  }),
});

function isOut({ observed, predicted }: DensityBar): boolean {
  return observed < predicted.lower || observed > predicted.upper;
}

function option(data: Calibration, report: Report, look: Look): Option {
  const t = tokens(look);
  const bars = data.density.map((bar) => ({
    from: bar.from,
    to: bar.to,
    height: bar.observed,
    lower: bar.predicted.lower,
    upper: bar.predicted.upper,
    tip: `${range(bar.from, bar.to, figure)}\nobserved: ${percent(bar.observed)}\nmade by the model: ${brief(bar.predicted, percent)}`,
  }));
  return {
    ...frame(look),
    ...legend(look, [
      { name: "observed", colour: t.accent, block: true },
      { name: "made by the model", colour: t.ink },
    ]),
    grid: [{ left: 58, right: 20, top: 64, bottom: 46 }],
    xAxis: [acrossValues(look, { name: `${kpiUnit(report)} per ${report.about.period}`, free: true, lines: false })],
    yAxis: [upValues(look, { name: `share of ${report.about.period}s`, say: (x) => percent(x), min: 0 })],
    series: [columns({}, bars, t.accent, look, 0.5)],
  };
}

// Figures of the KPI beside those of data the model would make, each on its own scale.
import type { Calibration, FigureRow, Report } from "../api/report";
import { list } from "../lib/names";
import { figure, probability } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { forest, forestHeight } from "./kit/forest";
import type { Look } from "./kit/look";
import { tokens } from "./kit/look";
import { brief, estimateCells, estimateColumns } from "./kit/words";

export const predictiveFigures = chart({
  name: "predictive-figures",
  exhibit: "calibration",
  question: "Which figures does the model get right?",
  note: "The grey bar is the range of a figure in data made by the model, the dot the figure of the real data; every row has a scale of its own. A dot outside its bar is something the model does not know.",
  missing: (data) => (data.figures.length ? null : "No figure was compared."),
  sentence: (data) => {
    const out = data.figures.filter(isOut).map((row) => words[row.figure]);
    return out.length
      ? `Outside what the model would make: ${list(out, 7)}.`
      : `All ${data.figures.length} figures lie within what the model would make.`;
  },
  option,
  table: (data) => ({
    columns: [
      { key: "figure", title: "Figure", unit: "", kind: "text" },
      { key: "observed", title: "Observed", unit: "", kind: "number" },
      ...estimateColumns("predicted", "Made by the model", ""),
      { key: "p", title: "p", unit: "two-sided", kind: "number" },
    ],
    rows: data.figures.map((row) => [words[row.figure], row.observed, ...estimateCells(row.predicted), row.p]),
  }),
  height: (data) => forestHeight(data.figures.length, true),
});

const words: Record<FigureRow["figure"], string> = {
  mean: "mean",
  sd: "standard deviation",
  min: "smallest value",
  max: "greatest value",
  lag1: "autocorrelation",
  skewness: "skewness",
  outside95: "outside 95\u00a0%",
};

function isOut({ observed, predicted }: FigureRow): boolean {
  return observed < predicted.lower || observed > predicted.upper;
}

function option(data: Calibration, _: Report, look: Look): Option {
  const t = tokens(look);
  const drawn = forest(
    data.figures.map((row) => {
      const { lower, upper } = row.predicted;
      const at = upper > lower ? (row.observed - lower) / (upper - lower) : 0.5;
      return {
        name: words[row.figure],
        colour: isOut(row) ? t.bad : t.accent,
        point: Math.min(1.4, Math.max(-0.4, at)),
        lower: null,
        upper: null,
        ghost: { point: 0.5, lower: 0, upper: 1 },
        text: figure(row.observed),
        remark: `model: ${brief(row.predicted)}`,
        tip: `${words[row.figure]}\nobserved: ${figure(row.observed)}\nmade by the model: ${brief(row.predicted)}\np: ${probability(row.p)}`,
      };
    }),
    { min: -0.5, max: 1.5, lines: false, say: (x) => (x === 0 ? "lower end" : x === 1 ? "upper end" : ""), ticks: 4 },
    look,
    {
      keys: [
        { name: "made by the model", colour: t.ghost, faint: true },
        { name: "observed", colour: t.accent },
      ],
    },
  );
  return drawn;
}

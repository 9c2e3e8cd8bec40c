// What the model leaves over, period by period.
import type { LeftOver, Report, Run } from "../api/report";
import { day, instant } from "../lib/dates";
import { plural } from "../lib/names";
import { difference, figure } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { acrossDates, frame, upValues } from "./kit/frame";
import { legend } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { kpiUnit } from "./kit/words";

export const residuals = chart({
  name: "residuals",
  exhibit: "left_over",
  question: "When was the model wrong?",
  note: "What was observed less what the model expected. Bars should scatter around 0 without a pattern. Shaded stretches are runs of one sign: something that the model does not know happened there.",
  missing: (data) => (data.dates.length ? null : "There are no training periods in which everything was observed."),
  sentence: (data, report) => {
    const { period } = report.about;
    const [longest] = [...data.runs].sort((a, b) => length(b) - length(a));
    if (!longest) return `No run of six or more ${period}s of one sign.`;
    const where = `${day(data.dates[longest.from] ?? "")} to ${day(data.dates[longest.to] ?? "")}`;
    const side = longest.above ? "above" : "below";
    return `${plural(data.runs.length, "run")} of six or more ${period}s of one sign; the longest, ${plural(length(longest), period)} ${side} what was expected, from ${where}.`;
  },
  option,
  table: (data, report) => ({
    columns: [
      { key: "date", title: "First day", unit: "", kind: "date" },
      { key: "residual", title: "Left over", unit: kpiUnit(report), kind: "number" },
      { key: "fitted", title: "Expected", unit: kpiUnit(report), kind: "number" },
      { key: "run", title: "In a run", unit: "", kind: "text" },
    ],
    rows: data.dates.map((date, k) => [
      date,
      data.residual[k] ?? null,
      data.fitted[k] ?? null,
      data.runs.some((run) => k >= run.from && k <= run.to) ? "yes" : "no",
    ]),
  }),
  caption: () => "Observed less posterior mean, summed over geos; single numbers, no intervals.",
  height: () => 300,
});

function length(run: Run): number {
  return run.to - run.from + 1;
}

function option(data: LeftOver, report: Report, look: Look): Option {
  const t = tokens(look);
  const x = data.dates.map(instant);
  const thin = Math.max(1, Math.min(8, (look.width / Math.max(1, x.length)) * 0.6));
  return {
    ...frame(look),
    ...legend(look, [
      { name: "observed less expected", colour: t.accent, block: true },
      { name: "run of one sign", colour: t.warn, faint: true },
    ]),
    tooltip: { ...frame(look).tooltip, trigger: "axis" },
    grid: [{ left: 58, right: 16, top: 66, bottom: 32 }],
    xAxis: [acrossDates(look)],
    yAxis: [upValues(look, { name: `${kpiUnit(report)} per ${report.about.period}` })],
    series: [
      {
        type: "bar",
        barWidth: thin,
        itemStyle: { color: t.accent },
        data: x.map((at, k) => ({
          value: [at, data.residual[k] ?? null],
          tip: `${day(data.dates[k] ?? "")}\n${difference(data.residual[k])} where ${figure(data.fitted[k])} was expected`,
        })),
        markArea: {
          silent: true,
          itemStyle: { color: t.warn, opacity: 0.16 },
          data: data.runs.map((run) => [{ xAxis: x[run.from] ?? 0 }, { xAxis: x[run.to] ?? 0 }]),
        },
      },
    ],
  };
}

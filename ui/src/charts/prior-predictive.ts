// What the model held possible before it saw the KPI.
import type { PriorBelief, Report } from "../api/report";
import { day, instant } from "../lib/dates";
import { short } from "../lib/names";
import { figure, percent, range } from "../lib/numbers";
import { quoted, sentence } from "../lib/spoken";
import { chart, type Option } from "./kit/chart";
import { acrossDates, frame, upValues } from "./kit/frame";
import { legend } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { band, line } from "./kit/marks";
import { bandColumns, intervals, kpiUnit, level, told } from "./kit/words";

export const priorPredictive = chart({
  name: "prior-predictive",
  exhibit: "prior_belief",
  question: "What was held possible before the data?",
  note: "The bands are what the model would have expected without ever having seen the dark line. They should be wide enough to hold it and narrow enough not to hold nonsense: a belief that allows everything teaches nothing.",
  missing: (data) => (data.dates.length ? null : "There are no periods."),
  sentence: (data, report) => {
    const share = `Before the data all advertising was held to bring ${told(data.media_share, report, percent)} of ${report.about.kpi}`;
    const doubt = data.findings.length
      ? ` ${data.findings.map(({ message }) => quoted(sentence(message))).join(" ")}`
      : "";
    return `${share}.${doubt}`;
  },
  option,
  table: (data, report) => ({
    columns: [
      { key: "date", title: "First day", unit: "", kind: "date" },
      { key: "kpi", title: report.about.kpi, unit: "observed", kind: "number" },
      ...bandColumns("prior", "Held possible", kpiUnit(report)),
      ...bandColumns("half", "Held possible, 50 %", kpiUnit(report)),
    ],
    rows: data.dates.map((date, k) => [
      date,
      data.kpi[k] ?? null,
      ...[data.predictive, data.half].flatMap(({ mean, lower, upper }) =>
        [mean[k], lower[k], upper[k]].map((x) => x ?? null),
      ),
    ]),
  }),
  caption: (_, report) => `${intervals(report)} The inner band holds 50 %. Both are about a new observation.`,
  height: (_, __, look) => (look.width < 520 ? 280 : 320),
});

function option(data: PriorBelief, report: Report, look: Look): Option {
  const t = tokens(look);
  const x = data.dates.map(instant);
  return {
    ...frame(look),
    ...legend(look, [
      { name: `${short(report.about.kpi)}, observed`, colour: t.ink },
      { name: `held possible, ${level(report)} and 50 %`, colour: t.baseline, faint: true },
    ]),
    tooltip: { ...frame(look).tooltip, trigger: "axis" },
    grid: [{ left: 58, right: 16, top: 68, bottom: 32 }],
    xAxis: [acrossDates(look)],
    yAxis: [upValues(look, { name: `${kpiUnit(report)} per ${report.about.period}`, free: true })],
    series: [
      band({}, x, data.predictive.lower, data.predictive.upper, t.baseline, 0.16),
      band({}, x, data.half.lower, data.half.upper, t.baseline, 0.26),
      {
        ...line({ z: 5 }, [], t.ink, { lineStyle: { color: t.ink, width: 1.2 } }),
        data: x.map((at, k) => ({ value: [at, data.kpi[k] ?? null], tip: tip(data, k, report) })),
      },
    ],
  };
}

function tip(data: PriorBelief, k: number, report: Report): string {
  return [
    day(data.dates[k] ?? ""),
    `observed: ${figure(data.kpi[k])}`,
    `held possible: ${range(data.predictive.lower[k], data.predictive.upper[k])} (${level(report)})`,
    `half of it: ${range(data.half.lower[k], data.half.upper[k])}`,
  ].join("\n");
}

// The KPI beside what the model expects, period by period.
import type { KpiOverTime, Report } from "../api/report";
import { day, instant } from "../lib/dates";
import { oneLine, plural, short } from "../lib/names";
import { figure, range } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { acrossDates, frame, upValues } from "./kit/frame";
import { tokens, type Look } from "./kit/look";
import { band, line, rule, rules } from "./kit/marks";
import { legend } from "./kit/legend";
import { bandColumns, intervals, kpiUnit, level } from "./kit/words";

export const actualVsFitted = chart({
  name: "actual-vs-fitted",
  exhibit: "kpi_over_time",
  question: "Does the model follow reality?",
  note: "The dark line is what happened, the coloured line what the model expects. The wide band should hold nearly all of the dark line; periods on shaded ground were held back, so there the model had to guess.",
  missing: (data) => (data.dates.length ? null : "There are no periods."),
  sentence: (data, report) => {
    const { about } = report;
    const held = data.holdout_from ?? null;
    const span = `${plural(about.periods, about.period)} from ${day(about.from)} to ${day(about.to)} trained the model`;
    const tested =
      held === null
        ? "none were held back to test it"
        : `${plural(data.dates.length - held, about.period)} from ${day(data.dates[held] ?? "")} on were held back to test it`;
    return `${span}; ${tested}. The wide band should hold ${level(report)} of the observed ${about.kpi}.`;
  },
  option,
  table: (data, report) => ({
    columns: [
      { key: "date", title: "First day", unit: "", kind: "date" },
      { key: "kpi", title: report.about.kpi, unit: "observed", kind: "number" },
      ...bandColumns("fitted", "Expected", kpiUnit(report)),
      ...bandColumns("predictive", "New observation", kpiUnit(report)),
      ...bandColumns("baseline", "Without advertising", kpiUnit(report)),
      { key: "window", title: "Window", unit: "", kind: "text" },
      { key: "events", title: "Events", unit: "", kind: "text" },
    ],
    rows: data.dates.map((date, k) => [
      date,
      data.kpi[k] ?? null,
      ...[data.mean, data.predictive, data.baseline].flatMap(({ mean, lower, upper }) =>
        [mean[k], lower[k], upper[k]].map((x) => x ?? null),
      ),
      isHeld(data, k) ? "held out" : "training",
      eventsAt(data, k).map(oneLine).join("; "),
    ]),
  }),
  caption: (_, report) => `${intervals(report)} Wide band: a new observation; narrow band: the expected value.`,
  height: (_, __, look) => (look.width < 520 ? 300 : 380),
});

function option(data: KpiOverTime, report: Report, look: Look): Option {
  const t = tokens(look);
  const x = data.dates.map(instant);
  const points = (ys: readonly (number | null | undefined)[]) => x.map((at, k) => [at, ys[k]] as const);
  const names = {
    kpi: `${short(report.about.kpi)}, observed`,
    mean: "expected",
    wide: "new observation",
    base: "without advertising",
  };
  return {
    ...frame(look),
    ...legend(look, [
      { name: names.kpi, colour: t.ink },
      { name: names.mean, colour: t.accent },
      { name: names.wide, colour: t.accent, faint: true },
      { name: names.base, colour: t.baseline, dashed: true },
    ]),
    tooltip: { ...frame(look).tooltip, trigger: "axis" },
    grid: [{ left: 58, right: 16, top: 68, bottom: look.interactive ? 66 : 32 }],
    xAxis: [acrossDates(look)],
    yAxis: [upValues(look, { name: `${kpiUnit(report)} per ${report.about.period}`, free: true })],
    ...(look.interactive ? { dataZoom: zoom(look) } : {}),
    series: [
      band({}, x, data.predictive.lower, data.predictive.upper, t.accent, 0.14),
      band({}, x, data.mean.lower, data.mean.upper, t.accent, 0.3),
      line({}, points(data.baseline.mean), t.baseline, {
        lineStyle: { color: t.baseline, width: 1.4, type: "dashed" },
      }),
      line({}, points(data.mean.mean), t.accent),
      {
        ...line({ z: 5 }, points(data.kpi), t.ink, { lineStyle: { color: t.ink, width: 1.2 } }),
        data: x.map((at, k) => ({ value: [at, data.kpi[k] ?? null], tip: tip(data, k, report) })),
        markLine: rules(events(data, x, look)),
        markArea: holdout(data, x, look),
      },
    ],
  };
}

function tip(data: KpiOverTime, k: number, report: Report): string {
  return [
    day(data.dates[k] ?? "") + (isHeld(data, k) ? " (held out)" : ""),
    `observed: ${figure(data.kpi[k])}`,
    `expected: ${figure(data.mean.mean[k])} (${range(data.mean.lower[k], data.mean.upper[k])})`,
    `new observation: ${range(data.predictive.lower[k], data.predictive.upper[k])}`,
    `without advertising: ${figure(data.baseline.mean[k])}`,
    ...eventsAt(data, k).map(oneLine),
    `intervals: ${level(report)}`,
  ].join("\n");
}

function isHeld(data: KpiOverTime, k: number): boolean {
  return typeof data.holdout_from === "number" && k >= data.holdout_from;
}

function eventsAt(data: KpiOverTime, k: number): string[] {
  return data.events.filter((event) => event.at === k).map((event) => event.name);
}

/** Events as faint rules, named where there is room. */
function events(data: KpiOverTime, x: readonly number[], look: Look) {
  const room = data.events.length <= Math.floor(look.width / 110);
  return data.events.flatMap((event) => {
    const at = x[event.at];
    return at === undefined ? [] : [rule(at, room ? short(event.name, 14) : "", look, tokens(look).ghost)];
  });
}

function holdout(data: KpiOverTime, x: readonly number[], look: Look) {
  const from = typeof data.holdout_from === "number" ? x[data.holdout_from] : undefined;
  const to = x.at(-1);
  if (from === undefined || to === undefined) return { data: [] };
  const t = tokens(look);
  return {
    silent: true,
    itemStyle: { color: t.ghost, opacity: 0.14 },
    label: { color: t.soft, fontSize: 11, position: "insideTop" as const },
    data: [[{ name: "held out", xAxis: from }, { xAxis: to }] as [{ name: string; xAxis: number }, { xAxis: number }]],
  };
}

function zoom(look: Look): Option["dataZoom"] {
  const t = tokens(look);
  return [
    {
      type: "slider",
      height: 18,
      bottom: 8,
      filterMode: "none",
      borderColor: t.line,
      fillerColor: `${t.accent}22`,
      handleStyle: { color: t.paper, borderColor: t.accent },
      moveHandleSize: 0,
      showDetail: false,
      showDataShadow: false,
      brushSelect: false,
    },
  ];
}

// The KPI beside what the model expects, geo by geo.
import type { KpiOverTime, Report } from "../api/report";
import { day, instant } from "../lib/dates";
import { list } from "../lib/names";
import { figure, range } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { acrossDates, frame, upValues } from "./kit/frame";
import { legend } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { band, line } from "./kit/marks";
import { chosen, panelFrame, panels, panelsHeight, usual, type Room } from "./kit/panels";
import { bandColumns, kpiUnit } from "./kit/words";

const room: Room = { ...usual, tall: 150, bottom: 26, most: 4, least: 210 };

export const geoSmallMultiples = chart({
  name: "geo-small-multiples",
  exhibit: "kpi_over_time",
  question: "Does it follow every region?",
  note: "The dark line is what happened in a region, the coloured band what the model expects there. Every region has a scale of its own.",
  missing: (data) => (data.geos.length ? null : "The data are national: there are no regions."),
  sentence: (data, { about }) =>
    `${data.geos.length} regions: ${list(data.geos.map((of) => of.geo))}; ${about.kpi} and what the model expects of it.`,
  option,
  table: (data, report) => ({
    columns: [
      { key: "date", title: "First day", unit: "", kind: "date" },
      { key: "geo", title: "Region", unit: "", kind: "text" },
      { key: "kpi", title: report.about.kpi, unit: "observed", kind: "number" },
      ...bandColumns("fitted", "Expected", kpiUnit(report)),
    ],
    rows: data.geos.flatMap(({ geo, kpi, mean: { mean, lower, upper } }) =>
      data.dates.map((date, k) => [date, geo, ...[kpi[k], mean[k], lower[k], upper[k]].map((x) => x ?? null)]),
    ),
  }),
  choices: (data) => ({ channel: data.geos.map((of) => of.geo) }),
  height: (data, _, look) => panelsHeight(chosen(data.geos, geoOf, look).length, look.width, room),
});

function geoOf({ geo }: KpiOverTime["geos"][number]): string {
  return geo;
}

function option(data: KpiOverTime, report: Report, look: Look): Option {
  const t = tokens(look);
  const of = chosen(data.geos, geoOf, look);
  const all = panels(of.map(geoOf), look, room);
  const x = data.dates.map(instant);
  return {
    ...frame(look),
    ...panelFrame(all, look),
    ...legend(look, [
      { name: `${kpiUnit(report)}, observed`, colour: t.ink },
      { name: "expected, with interval", colour: t.accent },
    ]),
    tooltip: { ...frame(look).tooltip, trigger: "axis" },
    xAxis: all.map(({ index }) => acrossDates(look, index)),
    yAxis: all.map(({ index: grid }) => upValues(look, { grid, ticks: 2, free: true })),
    series: of.flatMap(({ geo, kpi, mean: { mean, lower, upper } }, grid) => [
      band({ grid }, x, lower, upper, t.accent, 0.3),
      line(
        { grid },
        x.map((at, k) => [at, mean[k]] as const),
        t.accent,
        { lineStyle: { color: t.accent, width: 1.2 } },
      ),
      {
        ...line({ grid, z: 5 }, [], t.ink, { lineStyle: { color: t.ink, width: 0.9 } }),
        data: x.map((at, k) => ({
          value: [at, kpi[k] ?? null],
          tip: `${geo}\n${day(data.dates[k] ?? "")}\nobserved: ${figure(kpi[k])}\nexpected: ${figure(mean[k])} (${range(lower[k], upper[k])})`,
        })),
      },
    ]),
  };
}

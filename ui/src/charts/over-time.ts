// What the KPI was made of, when.
import type { Grain, OverTime, PartOverTime, Report } from "../api/report";
import { instant, stretch } from "../lib/dates";
import { list, short } from "../lib/names";
import { figure, known, range } from "../lib/numbers";
import { chart, type Option } from "./kit/chart";
import { acrossDates, frame, upValues } from "./kit/frame";
import { legend, type Key } from "./kit/legend";
import { tokens, type Look } from "./kit/look";
import { line } from "./kit/marks";
import { partColour } from "./kit/palette";
import { bandColumns, intervals, kpiUnit, level } from "./kit/words";

/** More areas than this are not told apart; the rest is drawn as one. */
const mostAreas = 12;
const bars = 16;

export const overTime = chart({
  name: "over-time",
  exhibit: "over_time",
  question: "What was it made of, when?",
  note: "Areas are stacked: the baseline at the bottom, then controls, then channels. What pulls the total down lies below 0. Intervals would hide each other here; they stand in the table.",
  missing: (data) => (data.grains.some((grain) => grain.dates.length) ? null : "There are no periods."),
  sentence: (data, report) => {
    const grain = grainOf(data, {});
    const peaks = grain.parts
      .filter((part) => part.kind === "channel")
      .map((part) => ({ name: part.name, at: highest(part) }))
      .slice(0, 2)
      .map(({ name, at }) => `${list([name])} brought the most in ${stretch(grain.dates[at] ?? "", grain.name)}`);
    const span = `${report.about.kpi} by part from ${stretch(grain.dates[0] ?? "", grain.name)} to ${stretch(grain.dates.at(-1) ?? "", grain.name)}`;
    return `${[span, ...peaks].join("; ")}.`;
  },
  option,
  table: (data, report) => ({
    columns: [
      { key: "grain", title: "Grain", unit: "", kind: "text" },
      { key: "date", title: "First day", unit: "", kind: "date" },
      { key: "partial", title: "Cut short", unit: "", kind: "text" },
      { key: "part", title: "Part", unit: "", kind: "text" },
      ...bandColumns("contribution", "Contribution", kpiUnit(report)),
    ],
    rows: data.grains.flatMap((grain) =>
      grain.dates.flatMap((date, k) =>
        grain.parts.map(({ name, contribution: { mean, lower, upper } }) => [
          grain.name,
          date,
          grain.is_partial[k] ? "yes" : "no",
          name,
          ...[mean[k], lower[k], upper[k]].map((x) => x ?? null),
        ]),
      ),
    ),
  }),
  choices: (data) => ({ grain: data.grains.map((grain) => grain.name) }),
  caption: (_, report) =>
    `Means; the table has their intervals. Periods cut short by the data bear a star, or are left out of areas. ${intervals(report)}`,
  height: () => 370,
});

/** The grain a reader chose, else the finest that is not too fine to see. */
function grainOf(data: OverTime, look: Pick<Look, "grain">): Grain {
  const grain =
    data.grains.find(({ name }) => name === look.grain) ??
    data.grains.find(({ dates }) => dates.length <= 260) ??
    data.grains.at(-1);
  if (!grain) throw new Error("over-time: no grain");
  return grain;
}

function highest(part: PartOverTime): number {
  return part.contribution.mean.reduce((best, x, k, all) => (x > (all[best] ?? 0) ? k : best), 0);
}

interface Area {
  name: string;
  kind: PartOverTime["kind"];
  /** The part it shows; null where it is several together, whose intervals are not known. */
  of: PartOverTime | null;
  mean: number[];
}

/** Parts in order; where there are too many, controls are drawn together, then the baseline, then the last channels. */
function shown(grain: Grain): Area[] {
  let areas: Area[] = grain.parts.map((part) => ({ ...part, of: part, mean: part.contribution.mean }));
  for (const kind of ["control", "baseline"] as const)
    if (areas.length > mostAreas) areas = gathered(areas, (area) => area.kind === kind, `${kind}, together`);
  const kept = new Set(areas.slice(0, mostAreas - 1));
  return areas.length > mostAreas ? gathered(areas, (area) => !kept.has(area), "others") : areas;
}

/** Those that are meant as one, where the first of them was. */
function gathered(areas: readonly Area[], isMeant: (area: Area) => boolean, name: string): Area[] {
  const meant = areas.filter(isMeant);
  const [first] = meant;
  if (!first || meant.length < 2) return [...areas];
  const mean = first.mean.map((_, k) => meant.reduce((sum, area) => sum + (area.mean[k] ?? 0), 0));
  const one: Area = { name, kind: first.kind, of: null, mean };
  return areas.flatMap((area) => (area === first ? [one] : isMeant(area) ? [] : [area]));
}

function areaColour(area: Area, areas: readonly Area[], report: Report, look: Look): string {
  return area.kind === "channel" && !area.of ? tokens(look).ghost : partColour(area, areas, report, look);
}

function keys(areas: readonly Area[], report: Report, look: Look): Key[] {
  const kpi = { name: `${short(report.about.kpi)}, observed`, colour: tokens(look).ink };
  return [
    ...areas.map((area) => ({ name: area.name, colour: areaColour(area, areas, report, look), block: true })),
    kpi,
  ];
}

function option(data: OverTime, report: Report, look: Look): Option {
  const t = tokens(look);
  const grain = grainOf(data, look);
  const areas = shown(grain);
  const x = grain.dates.map(instant);
  const key = keys(areas, report, look);
  const isBars = grain.dates.length <= bars;
  // As an area, a stretch that the data cut short would look like a fall.
  const drawn = [...grain.dates.keys()].filter((k) => isBars || !grain.is_partial[k]);
  return {
    ...frame(look),
    ...legend(look, key),
    tooltip: { ...frame(look).tooltip, trigger: "axis" },
    grid: [{ left: 58, right: 16, top: 66, bottom: 32 }],
    xAxis: [isBars ? acrossStretches(grain, look) : acrossDates(look)],
    yAxis: [upValues(look, { name: `${kpiUnit(report)} per ${grain.name}` })],
    series: [
      ...areas.map((area, i) => {
        const fill = areaColour(area, areas, report, look);
        const points = drawn.map((k) => ({
          value: [isBars ? k : (x[k] ?? NaN), area.mean[k] ?? null],
          ...(i === 0 ? { tip: tip(grain, areas, k, report) } : {}),
        }));
        return isBars
          ? {
              type: "bar" as const,
              stack: "parts",
              data: points,
              itemStyle: { color: fill, opacity: 0.85 },
              barCategoryGap: "25%",
            }
          : {
              ...line({ z: 2 }, [], fill, {
                stack: "parts",
                lineStyle: { width: 0 },
                areaStyle: { color: fill, opacity: 0.85 },
              }),
              data: points,
            };
      }),
      line(
        { z: 5 },
        drawn.map((k) => [isBars ? k : (x[k] ?? NaN), grain.kpi[k]] as const),
        t.ink,
        {
          lineStyle: { color: t.ink, width: 1.4 },
          showSymbol: isBars,
        },
      ),
    ],
  };
}

function acrossStretches(grain: Grain, look: Look) {
  const t = tokens(look);
  return {
    type: "category" as const,
    data: grain.dates.map((date, k) => stretch(date, grain.name) + (grain.is_partial[k] ? " *" : "")),
    axisLabel: { color: t.soft, fontSize: 11, hideOverlap: true },
    axisLine: { lineStyle: { color: t.ghost } },
    axisTick: { show: false },
  };
}

function tip(grain: Grain, areas: readonly Area[], k: number, report: Report): string {
  const lines = areas.map(({ name, of, mean }) => {
    const ends =
      of && known(of.contribution.lower[k]) ? ` (${range(of.contribution.lower[k], of.contribution.upper[k])})` : "";
    return `${short(name, 28)}: ${figure(mean[k])}${ends}`;
  });
  const head = stretch(grain.dates[k] ?? "", grain.name) + (grain.is_partial[k] ? " (cut short by the data)" : "");
  return [head, ...lines.reverse(), `observed: ${figure(grain.kpi[k])}`, `intervals: ${level(report)}`].join("\n");
}

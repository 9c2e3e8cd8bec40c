// What a chart is: pure functions from one exhibit of a report to a sentence, an option of ECharts and a table.
import type { EChartsOption } from "echarts";
import type { Exhibits, Report } from "../../api/report";
import type { Table } from "../../lib/table";
import { lowered, wrapped } from "./legend";
import type { Choices, Look } from "./look";
import { intervals } from "./words";

export type Option = EChartsOption;
export type ExhibitName = keyof Exhibits;
export type Exhibit<K extends ExhibitName> = NonNullable<Exhibits[K]>;

/** The definition of a chart. `report` is there for names and units, `data` is what is drawn. */
export interface Chart<K extends ExhibitName> {
  /** What `mmm plot NAME` takes. */
  name: string;
  exhibit: K;
  /** Other exhibits that it draws on. */
  also?: ExhibitName[];
  /** The question it answers: its heading. */
  question: string;
  /** How to read it, in one or two plain sentences. */
  note: string;
  /** Why there is nothing to draw, though the exhibit is there; null where there is. */
  missing?: (data: Exhibit<K>, report: Report) => string | null;
  /** The answer in plain words, with interval and unit. */
  sentence: (data: Exhibit<K>, report: Report) => string;
  option: (data: Exhibit<K>, report: Report, look: Look) => Option;
  table: (data: Exhibit<K>, report: Report) => Table;
  /** What the intervals are; equal-tailed ones of the level of the report where nothing else is said. */
  caption?: (data: Exhibit<K>, report: Report) => string;
  choices?: (data: Exhibit<K>, report: Report) => Choices;
  /** Pixels it needs at a width; 320 where nothing is said. */
  height?: (data: Exhibit<K>, report: Report, look: Omit<Look, "height">) => number;
}

/** A chart that finds its exhibit in the report by itself. */
export interface Drawable {
  name: string;
  exhibit: ExhibitName;
  /** Every exhibit it draws on. */
  exhibits: ExhibitName[];
  question: string;
  note: string;
  missing: (report: Report) => string | null;
  sentence: (report: Report) => string;
  caption: (report: Report) => string;
  choices: (report: Report) => Choices;
  height: (report: Report, look: Omit<Look, "height">) => number;
  option: (report: Report, look: Look) => Option;
  table: (report: Report) => Table;
}

export function chart<K extends ExhibitName>(definition: Chart<K>): Drawable {
  const { name, exhibit, question, note } = definition;

  function missing(report: Report): string | null {
    const data = report.exhibits[exhibit];
    if (data === null || data === undefined) return `This report was made without “${exhibit}”.`;
    return definition.missing?.(data, report) ?? null;
  }

  function dataOf(report: Report): Exhibit<K> {
    const data = report.exhibits[exhibit];
    const reason = missing(report);
    if (data === null || data === undefined || reason) throw new Error(`${name}: ${reason}`);
    return data;
  }

  /** A key that wraps pushes down what is below it. */
  function height(report: Report, look: Omit<Look, "height">): number {
    const data = dataOf(report);
    const own = definition.height?.(data, report, look) ?? 320;
    return own + wrapped(definition.option(data, report, { ...look, height: own }));
  }

  return {
    name,
    exhibit,
    exhibits: [exhibit, ...(definition.also ?? [])],
    question,
    note,
    missing,
    sentence: (report) => definition.sentence(dataOf(report), report),
    caption: (report) => definition.caption?.(dataOf(report), report) ?? intervals(report),
    choices: (report) => definition.choices?.(dataOf(report), report) ?? {},
    height,
    option: (report, look) => {
      const option = definition.option(dataOf(report), report, look);
      return lowered(option, wrapped(option));
    },
    table: (report) => definition.table(dataOf(report), report),
  };
}

// The charts for an engine without a browser: strings in, strings out.
import "./timers";
import type { Report } from "../api/report";
import { csv } from "../lib/csv";
import { catalogue, chartNamed } from "./catalogue";
import { sheet, type Wish } from "./sheet";

const wanamaker = {
  /** JSON of every chart: name, exhibits, question. */
  list: (): string => JSON.stringify(catalogue.map(({ name, exhibits, question }) => ({ name, exhibits, question }))),
  /** SVG of a chart; the look is JSON of theme, width, height, channel, grain, all optional. */
  draw: (name: string, report: string, look = "{}"): string =>
    sheet(chartNamed(name), read(report), JSON.parse(look) as Wish),
  /** JSON of the table of a chart. */
  table: (name: string, report: string): string => JSON.stringify(chartNamed(name).table(read(report))),
  /** The answer in words. */
  sentence: (name: string, report: string): string => chartNamed(name).sentence(read(report)),
  /** The table as CSV. */
  csv: (name: string, report: string): string => csv(chartNamed(name).table(read(report))),
};

function read(report: string): Report {
  return JSON.parse(report) as Report;
}

Object.assign(globalThis, { wanamaker });

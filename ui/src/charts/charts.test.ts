// Every chart on every kind of report: it draws, its table and its words hold what they promise.
import { describe, expect, it } from "vitest";
import type { Report } from "../api/report";
import { csv } from "../lib/csv";
import { catalogue } from "./catalogue";
import { sheet } from "./sheet";
import { report } from "./testing/report";

const hostile = [
  "<img src=x onerror=alert(1)>",
  '=HYPERLINK("http://x","y")',
  "קמפיין רדיו ארוך מאוד",
  `🎯🚀 ${"very long name ".repeat(7)}`,
  "a\nb\tc{d|e}&amp;",
];
const many = Array.from({ length: 15 }, (_, k) => `channel ${k + 1}`);

const reports: Record<string, Report> = {
  usual: report(),
  "no spend": report({ hasSpend: false }),
  "one channel": report({ channels: ["TV"], controls: [], holdout: 0 }),
  "many channels": report({ channels: many, geos: ["North", "South"] }),
  "an effect that multiplies": report({ addsUp: false, returnsInMoney: false }),
  "hostile names": report({ channels: hostile, controls: ["+price", "@x"], geos: hostile }),
  "numbers missing": withoutNumbers(report()),
  "nothing but a title": { ...report(), exhibits: {} },
};

const unspeakable = /NaN|undefined|null|Infinity|\[object/;

for (const [kind, of] of Object.entries(reports)) {
  describe(kind, () => {
    for (const chart of catalogue) {
      it(`${chart.name} is drawn, or says why not`, () => {
        const reason = chart.missing(of);
        if (reason !== null) {
          expect(reason).toMatch(/\.$/);
          expect(() => chart.table(of)).toThrow();
          return;
        }
        for (const width of [340, 800]) check(sheet(chart, of, { width, theme: "dark" }));
        expect(`${chart.sentence(of)} ${chart.caption(of)}`).not.toMatch(unspeakable);
        expect(chart.sentence(of).length).toBeGreaterThan(10);
        const table = chart.table(of);
        expect(table.rows.length).toBeGreaterThan(0);
        for (const row of table.rows) expect(row).toHaveLength(table.columns.length);
        expect(new Set(table.columns.map((column) => column.key)).size).toBe(table.columns.length);
        expect(csv(table)).not.toMatch(/(^|,)"?[=@]/m);
      });
    }
  });
}

function check(svg: string): void {
  expect(svg.startsWith("<svg ")).toBe(true);
  const bad = /NaN|undefined|Infinity|<style|class=|<img|<script|<foreignObject/.exec(svg);
  expect(bad && svg.slice(bad.index - 80, bad.index + 40)).toBe(null);
  expect(svg).toMatch(/<\/svg>$/);
}

/** Every third number of a result is gone, as JSON leaves out what is not finite. */
function withoutNumbers(of: Report): Report {
  const results = new Set(["mean", "median", "lower", "upper", "kpi", "figure", "r_hat", "ess_bulk", "mape", "change"]);
  let k = 0;
  const thinned = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((one) => thinned(one, key));
    if (value !== null && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, thinned(one, name)]));
    return typeof value === "number" && results.has(key) && k++ % 3 === 0 ? null : value;
  };
  return { ...of, exhibits: thinned(of.exhibits, "") as Report["exhibits"] };
}

describe("a chart", () => {
  it("answers for the channel alone that was chosen", () => {
    const of = reports["many channels"] as Report;
    for (const chart of catalogue.filter((one) => one.missing(of) === null)) {
      const { channel = [], grain = [] } = chart.choices(of);
      const look = { theme: "light", width: 700, interactive: false } as const;
      if (channel.length > 3)
        expect(chart.height(of, { ...look, channel: channel[0] })).toBeLessThan(chart.height(of, look));
      for (const one of grain) check(sheet(chart, of, { grain: one }));
    }
  });

  it("has a name of its own, in kebab case", () => {
    const names = catalogue.map((chart) => chart.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});

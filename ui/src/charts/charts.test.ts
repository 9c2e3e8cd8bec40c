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
  expect(svg).not.toMatch(/NaN|undefined|Infinity|<style|class=|<img|<script|<foreignObject/);
  expect(svg).toMatch(/<\/svg>$/);
}

/** Every third number is gone, as JSON leaves out what is not finite. */
function withoutNumbers(of: Report): Report {
  let k = 0;
  const drop = (key: string, value: unknown) =>
    typeof value === "number" && !/^(level|periods|holdout|at|from|to|step|worst)$/.test(key) && k++ % 3 === 0 ? null : value;
  return { ...of, exhibits: JSON.parse(JSON.stringify(of.exhibits, drop)) as Report["exhibits"] };
}

describe("a chart", () => {
  it("answers for the channel alone that was chosen", () => {
    const of = reports["many channels"] as Report;
    for (const chart of catalogue.filter((one) => one.missing(of) === null)) {
      const { channel = [], grain = [] } = chart.choices(of);
      const look = { theme: "light", width: 700, interactive: false } as const;
      if (channel.length > 3) expect(chart.height(of, { ...look, channel: channel[0] })).toBeLessThan(chart.height(of, look));
      for (const one of grain) check(sheet(chart, of, { grain: one }));
    }
  });

  it("has a name of its own, in kebab case", () => {
    const names = catalogue.map((chart) => chart.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});

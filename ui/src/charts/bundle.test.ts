// dist/charts.js in engines without a browser: Node's bare context, and QuickJS.
import { readFileSync } from "node:fs";
import vm from "node:vm";
import { getQuickJS, type QuickJSContext } from "quickjs-emscripten";
import { describe, expect, it } from "vitest";
import { report } from "./testing/report";

const source = readFileSync(new URL("../../dist/charts.js", import.meta.url), "utf8");
const json = JSON.stringify(report());

describe("the bundle", () => {
  it("draws every chart in a bare context", () => {
    const context = vm.createContext({ json });
    vm.runInContext(source, context);
    const call = (code: string) => String(vm.runInContext(code, context));
    const all = JSON.parse(call("wanamaker.list()")) as { name: string }[];
    expect(all.length).toBeGreaterThan(30);
    for (const { name } of all.filter((one) => one.name !== "geo-small-multiples")) {
      expect(call(`wanamaker.draw("${name}", json, '{"theme":"dark","width":700}')`)).toMatch(/^<svg [\s\S]*<\/svg>$/);
      expect(JSON.parse(call(`wanamaker.table("${name}", json)`))).toHaveProperty("rows");
      expect(call(`wanamaker.csv("${name}", json)`)).toContain("\r\n");
      expect(call(`wanamaker.sentence("${name}", json)`)).toMatch(/\.$/);
    }
    expect(() => call(`wanamaker.draw("pie", json)`)).toThrow(/no chart is called/);
    expect(() => call(`wanamaker.draw("geo-small-multiples", json)`)).toThrow(/no regions/);
  });

  it("draws the same in QuickJS", async () => {
    const context = (await getQuickJS()).newContext();
    const bare = vm.createContext({ json });
    vm.runInContext(source, bare);
    run(context, source);
    run(context, `globalThis.json = ${JSON.stringify(json)}`);
    for (const name of ["returns", "curves", "over-time", "residual-checks"]) {
      const code = `wanamaker.draw("${name}", json)`;
      expect(run(context, code)).toBe(vm.runInContext(code, bare));
    }
    context.dispose();
  }, 60_000);
});

function run(context: QuickJSContext, code: string): unknown {
  const handle = context.unwrapResult(context.evalCode(code));
  const value: unknown = context.dump(handle);
  handle.dispose();
  return value;
}

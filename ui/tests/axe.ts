// What axe says of a page as it stands.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export async function faults(page: Page): Promise<unknown> {
  return page.evaluate(
    `${source};axe.run(document,{runOnly:${JSON.stringify(levels)}}).then((r)=>r.violations.map((v)=>v.id+": "+v.nodes[0].html))`,
  );
}

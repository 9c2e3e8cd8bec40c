// A report opened from disk: nothing is fetched, nothing is refused, everybody can read it.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test, type Page } from "@playwright/test";
import type { Report } from "../src/api/report";
import { report } from "../src/charts/testing/report";
import { page as html } from "./page";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const hostile = [
  "<img src=x onerror=alert(1)>",
  '=HYPERLINK("http://x","y")',
  "קמפיין",
  "long name ".repeat(12),
  "a{b|c}",
];

const reports: Record<string, Report> = {
  usual: report({ geos: ["North", "South"] }),
  hostile: report({ channels: hostile, geos: hostile, controls: ["</script><script>alert(1)</script>"] }),
  failed: report({ converged: false, hasSpend: false, addsUp: false }),
  empty: { ...report(), exhibits: {} },
};

/** Opens a report; the returned list gathers everything that must not happen. */
async function open(page: Page, of: Report, hash = ""): Promise<string[]> {
  const wrong: string[] = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("dialog", (dialog) => wrong.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => /^(file|blob|data):/.test(request.url()) || wrong.push(`request: ${request.url()}`));
  const file = join(mkdtempSync(join(tmpdir(), "report-")), "report.html");
  writeFileSync(file, html(of));
  await page.goto(pathToFileURL(file).href + hash);
  await expect(page.locator("h1")).toBeVisible();
  return wrong;
}

/** Opens every fold and brings every chart near, so that all of it is drawn. */
async function unfold(page: Page): Promise<void> {
  for (const fold of await page.locator("details.fold > summary").all()) await fold.click();
  for (const chart of await page.locator(".chart").all()) {
    await chart.scrollIntoViewIfNeeded();
    await expect(chart.locator("svg")).toBeVisible();
  }
}

async function violations(page: Page): Promise<string[]> {
  // As a script of the debugger, which the page's policy does not reach.
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    interface Axe {
      run: (
        root: Document,
        options: object,
      ) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
    }
    const { axe } = window as unknown as { axe: Axe };
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const found = await axe.run(document, { runOnly: tags });
    return found.violations.map(
      ({ id, nodes }) => `${id} ×${nodes.length}: ${nodes[0]?.html.slice(0, 160)} ${nodes[0]?.failureSummary ?? ""}`,
    );
  });
}

for (const [kind, of] of Object.entries(reports)) {
  for (const theme of ["light", "dark"]) {
    test(`${kind}, ${theme}: draws all of itself, and everybody can read it`, async ({ page }) => {
      const wrong = await open(page, of, `#theme=${theme}`);
      await unfold(page);
      await expect(page.locator(".failure")).toHaveCount(0);
      expect(await page.locator("main").innerText()).not.toMatch(/NaN|undefined|null|\[object/);
      expect(await violations(page)).toEqual([]);
      expect(wrong).toEqual([]);
    });
  }
}

test("a reader can take a chart away in three forms", async ({ page }) => {
  const wrong = await open(page, reports.usual as Report);
  for (const [kind, begin] of [
    ["PNG", "\u0089PNG"],
    ["SVG", "<svg"],
    ["CSV", "\u00ef\u00bb\u00bfChannel"],
  ] as const) {
    await page.locator("#returns .menu summary").click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator("#returns .choices button", { hasText: kind }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`returns.${kind.toLowerCase()}`);
    expect(readFileSync(await download.path(), "latin1").slice(0, begin.length)).toBe(begin);
  }
  expect(wrong).toEqual([]);
});

test("a reader can see the table, how to read, and one channel alone", async ({ page }) => {
  await open(page, reports.usual as Report);
  const panel = page.locator("#curves");
  await panel.getByRole("button", { name: /^Table/ }).click();
  await expect(panel.locator("tbody tr").first()).toBeVisible();
  await panel.getByRole("button", { name: /How to read/ }).click();
  await expect(panel.locator(".note")).toBeVisible();
  const tall = (await panel.locator(".chart").boundingBox())?.height ?? 0;
  await panel.locator("select").selectOption("TV");
  await expect.poll(async () => (await panel.locator(".chart").boundingBox())?.height ?? 0).toBeLessThan(tall);
});

test("arrow keys walk through a chart", async ({ page }) => {
  const wrong = await open(page, reports.usual as Report);
  const chart = page.locator("#returns .chart");
  await chart.scrollIntoViewIfNeeded();
  await expect(chart.locator("svg")).toBeVisible();
  await chart.focus();
  await page.keyboard.press("ArrowDown");
  await expect(chart.locator("svg")).toContainText("believed before:");
  expect(wrong).toEqual([]);
});

test("a pointer reads a point", async ({ page }) => {
  await open(page, reports.usual as Report);
  for (const [name, words] of [
    ["over-time", "intervals:"],
    ["curves", "next unit of money brings"],
    ["share", "brought:"],
  ] as const) {
    const chart = page.locator(`#${name} .chart`);
    await chart.scrollIntoViewIfNeeded();
    await expect(chart.locator("svg")).toBeVisible();
    const box = await chart.boundingBox();
    if (!box) throw new Error(`${name} has no box`);
    await page.mouse.move(box.x + box.width * 0.2, box.y + 110);
    await page.mouse.move(box.x + box.width * 0.2 + 3, box.y + 112);
    await expect(chart.locator("svg")).toContainText(words);
  }
});

test("light and dark are the reader's choice, and stay in the address", async ({ page }) => {
  await open(page, reports.usual as Report);
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.getByRole("button", { name: "Dark" }).click();
  expect(await paper()).not.toBe(light);
  await page.getByRole("link", { name: "How long does it last?" }).click();
  expect(page.url()).toContain("#lasts;theme=dark");
  await page.reload();
  expect(await paper()).not.toBe(light);
});

test("nothing is wider than a phone", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await open(page, reports.hostile as Report);
  await unfold(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

test("paper shows what was folded, in light colours", async ({ page }) => {
  const wrong = await open(page, reports.usual as Report, "#theme=dark");
  await page.emulateMedia({ media: "print" });
  await expect(page.locator("#traces .picture svg")).toBeAttached();
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
  expect((await page.pdf({ format: "A4" })).length).toBeGreaterThan(50_000);
  expect(wrong).toEqual([]);
});

// The dashboard against a real server: a demo in three clicks; a file, its columns, a run, results, a plan, a report; every
// page for axe in both themes.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { expect, test, type Page } from "@playwright/test";
import { faultsOf, isBuilt, Server } from "./server";

test.skip(!isBuilt, "the program is not built");
test.describe.configure({ mode: "serial", timeout: 240_000 });

let server: Server;
test.beforeAll(async () => {
  server = await Server.start();
});
test.afterAll(() => server.stop());

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const open = (page: Page, path: string) => page.goto(`${server.base}/#${path}`);

async function settled(page: Page): Promise<void> {
  await page.waitForTimeout(300);
  await expect(page.getByLabel("Loading")).toHaveCount(0, { timeout: 60_000 });
}

async function faults(page: Page): Promise<unknown> {
  const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  return page.evaluate(
    `${axe};axe.run(document,{runOnly:${JSON.stringify(levels)}}).then((r)=>r.violations.map((v)=>v.id+": "+v.nodes[0].html))`,
  );
}

test("a demo in three clicks", async ({ page }) => {
  const wrong = faultsOf(page, server.base);
  await open(page, "/");
  await page.getByRole("button", { name: "Try a demo" }).click();
  await page.getByRole("link", { name: "See results" }).click({ timeout: 60_000 });
  await expect(page.getByText("Brought by advertising")).toBeVisible({ timeout: 60_000 });
  await expect(page.locator("#waterfall svg")).toBeVisible();
  expect(wrong).toEqual([]);
});

test("a file, its columns, a run, results, a plan, a report", async ({ page }) => {
  const wrong = faultsOf(page, server.base);
  await open(page, "/data");
  await page.locator("input[type=file]").setInputFiles({ name: "shop.csv", mimeType: "text/csv", buffer: shop() });
  await expect(page.getByRole("heading", { name: "shop.csv" })).toBeVisible();
  const weather = page.getByLabel("What weather is");
  await weather.selectOption("excluded");
  await expect(page.getByText("you said so")).toBeVisible();
  await page.reload();
  await expect(weather).toHaveValue("excluded");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(page.getByRole("button", { name: "Cancel this run" })).toBeVisible();
  await page.getByRole("link", { name: "See results" }).click({ timeout: 180_000 });
  await page.getByRole("tab", { name: "Channels" }).click();
  await expect(page.getByText("1 of 2")).toBeVisible({ timeout: 60_000 });
  await page.locator("#main").focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByText("2 of 2")).toBeVisible();

  await page.getByRole("link", { name: "Plan" }).click();
  const slider = page.getByRole("slider", { name: "Spend of tv" });
  await slider.focus();
  await slider.press("ArrowRight");
  await expect(page.getByText("Better than today")).toBeVisible();
  const cell = page.getByRole("textbox", { name: "Spend of tv" });
  await cell.fill("1.2k");
  await cell.press("Enter");
  await expect(cell).toHaveValue("1,200");
  await page.getByRole("button", { name: "Keep this plan" }).click();
  await expect(page.getByRole("rowheader", { name: "Plan A" })).toBeVisible();
  await page.getByRole("button", { name: "Back to today" }).click();
  await expect(page.getByText("the same")).toBeVisible();
  await page.getByRole("tab", { name: "Optimise" }).click();
  await expect(page.locator("#allocation svg")).toBeVisible({ timeout: 60_000 });

  await page.getByRole("link", { name: "Reports" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download the report of shop" }).first().click();
  expect((await download).suggestedFilename()).toMatch(/\.html$/);
  expect(wrong).toEqual([]);
});

test("a run is cancelled within two seconds", async ({ page }) => {
  faultsOf(page, server.base);
  await open(page, "/data");
  await page.getByRole("link", { name: "shop.csv" }).first().click();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByRole("button", { name: "Cancel this run" }).click();
  await expect(page.getByText("It was cancelled")).toBeVisible({ timeout: 2500 });
});

test("where there is little room, the rail is behind its button", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  const wrong = faultsOf(page, server.base);
  await open(page, "/");
  const reports = page.getByRole("link", { name: "Reports", exact: true });
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(reports).toHaveCount(0);
  await page.getByRole("button", { name: "Menu" }).click();
  await reports.click();
  await expect(page.getByRole("heading", { name: "Reports" })).toBeVisible();
  await expect(reports).toHaveCount(0);
  expect(await faults(page)).toEqual([]);
  expect(wrong).toEqual([]);
});

for (const theme of ["light", "dark"])
  test(`every page is clean for axe in ${theme}`, async ({ page }) => {
    const wrong = faultsOf(page, server.base);
    const { items } = await (await fetch(`${server.base}/api/v1/fits`)).json();
    const done = items.filter(({ state }: { state: string }) => state === "succeeded");
    const [one, other] = done.map(({ id }: { id: string }) => id);
    const results = ["overview", "channels", "diagnostics"].map((tab) => `/results/${one}/${tab}`);
    const plans = ["simulate", "optimise", "frontier"].map((way) => `/plan/${one}/${way}`);
    const compared = `/runs/compare?a=${one}&b=${other}`;
    const flat = [
      "/",
      "/data",
      `/data/${done[0].dataset}`,
      "/runs",
      `/runs/${one}`,
      "/reports",
      "/settings",
      "/nowhere",
    ];
    for (const path of [...flat, ...results, ...plans, compared]) {
      await page.goto("about:blank");
      await open(page, `${path}${path.includes("?") ? "&" : "?"}theme=${theme}`);
      await settled(page);
      expect(await faults(page), path).toEqual([]);
    }
    expect(wrong).toEqual([]);
  });

/** Two years of a shop that a channel or two move. */
function shop(): Buffer {
  const rows = Array.from({ length: 104 }, (_, week) => {
    const day = new Date(Date.UTC(2023, 0, 2 + 7 * week)).toISOString().slice(0, 10);
    const [tv, search] = [week % 4 === 0 ? 4000 + 37 * (week % 11) : 0, 1000 + 211 * ((week * 7) % 9)];
    const noise = 400 * Math.sin(week * 12.9898) * Math.cos(week * 78.233);
    return [day, tv, search, 10 + (week % 13), Math.round(30000 + 1.6 * tv + 2.1 * search + noise)].join();
  });
  return Buffer.from(["week,tv_spend,search_spend,weather,revenue", ...rows].join("\n"));
}

// The dashboard against a real server: a demo in three clicks; a file, its columns, a run, results, a plan, a report.
import { expect, test, type Page } from "@playwright/test";
import { faults } from "./axe";
import { shop } from "./markets";
import { faultsOf, isBuilt, Server } from "./server";

test.skip(!isBuilt, "the program is not built");
test.describe.configure({ mode: "serial", timeout: 240_000 });

let server: Server;
test.beforeAll(async () => {
  server = await Server.start();
});
test.afterAll(() => server.stop());

const open = (page: Page, path: string) => page.goto(`${server.base}/#${path}`);

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
  await page.locator("#allocation").scrollIntoViewIfNeeded({ timeout: 60_000 });
  await expect(page.locator("#allocation svg")).toBeVisible({ timeout: 60_000 });

  await page.getByRole("link", { name: "Reports" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download the report of shop" }).first().click();
  expect((await download).suggestedFilename()).toMatch(/\.html$/);
  expect(wrong).toEqual([]);
});

test("a fault of a file is mended where somebody asks for it, and what was asked for is in the run", async ({
  page,
}) => {
  const wrong = faultsOf(page, server.base);
  const lines = shop().toString().split("\n");
  lines.splice(40, 1);
  lines[20] = (lines[20] ?? "").replace(/^([^,]*),[^,]*,/, "$1,,");
  const buffer = Buffer.from(lines.join("\n"));
  await open(page, "/data");
  await page.locator("input[type=file]").setInputFiles({ name: "holes.csv", mimeType: "text/csv", buffer });
  const start = page.getByRole("button", { name: "Start", exact: true });
  await expect(page.getByText("A run can start once nothing above is an error.")).toBeVisible();
  await expect(start).toBeDisabled();
  const nothingRan = page.getByRole("button", { name: "Empty cells of media are 0: nothing ran" });
  await nothingRan.click();
  await page.getByRole("button", { name: "No media ran in periods without a row" }).click();
  // In a period that has no row nothing is known of the weather either.
  await page.getByRole("button", { name: "Empty cells are as in the period before" }).click();
  await expect(page.getByText("Asked for: No media ran in periods without a row.")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).first().click();
  await nothingRan.click();
  expect(await faults(page)).toEqual([]);
  await page.reload();
  await page.getByLabel("Kind of model").selectOption("lite");
  await page.getByLabel("Periods kept back as a test").fill("8");
  await start.click({ timeout: 30_000 });
  await expect(page).toHaveURL(/runs\/[0-9a-f-]{36}/);
  const fit = /runs\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? "";
  const { spec } = await fetch(`${server.base}/api/v1/fits/${fit}`).then((answer) => answer.json());
  expect(spec).toMatchObject({
    preset: "lite",
    data: { holdout: 8, options: { missing_media: "zero", gaps: "zero", missing_controls: "previous" } },
  });
  expect(wrong).toEqual([]);
});

test("a run is paused, shows so after a reload, and goes on to its end", async ({ page }) => {
  const wrong = faultsOf(page, server.base);
  const post = (path: string, body: object) =>
    fetch(server.base + path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }).then((answer) => answer.json());
  const { id, spec } = await post("/api/v1/simulations", { preset: "recoverable", seed: 1 });
  const slow = { ...spec, sampler: { draws: 8000, chains: 2 } };
  const { id: fit } = await post("/api/v1/fits", { dataset: id, spec: slow, name: "Slow" });
  await open(page, `/runs/${fit}`);
  await expect(page.getByRole("progressbar", { name: "All of it" })).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText("It stands still")).toBeVisible();
  await expect(page.getByText("Paused", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Pause" })).toHaveCount(0);
  await page.reload();
  await expect(page.getByText("It stands still")).toBeVisible();
  expect(await faults(page)).toEqual([]);
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByText("It stands still")).toHaveCount(0);
  await page.getByRole("link", { name: "See results" }).click({ timeout: 120_000 });
  expect(wrong).toEqual([]);
});

test("a webhook shows its secret once, and is removed", async ({ page }) => {
  const wrong = faultsOf(page, server.base);
  page.on("dialog", (dialog) => void dialog.accept());
  await open(page, "/settings");
  await page.getByLabel("Address to tell").fill("https://example.com/told");
  await page.getByLabel("was cancelled").uncheck();
  await page.getByRole("button", { name: "Create a webhook" }).click();
  const secret = page.getByText(/^mmm_hook_/);
  await expect(secret).toBeVisible();
  const row = page.getByRole("row", { name: /example\.com/ });
  await expect(row).toContainText("is done, failed");
  await expect(row).toContainText("nothing yet");
  expect(await faults(page)).toEqual([]);
  await page.reload();
  await expect(row).toBeVisible();
  await expect(secret).toHaveCount(0);
  await page.getByRole("button", { name: "Remove https://example.com/told" }).click();
  await expect(row).toHaveCount(0);
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

test("where there is little room, the rail is there for nobody until it is opened, and holds the keys while it is", async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 800 });
  const wrong = faultsOf(page, server.base);
  await open(page, "/");
  const rail = page.locator("#rail");
  const menu = page.getByRole("button", { name: "Menu" });
  const reports = page.getByRole("link", { name: "Reports", exact: true });
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(reports).toHaveCount(0);
  await expect(rail).toHaveAttribute("inert");

  await menu.click();
  await expect(rail.getByRole("link", { name: "Home" })).toBeFocused();
  await expect(page.locator("#main")).toHaveAttribute("inert");
  for (let tabs = 0; tabs < 8; tabs += 1) await page.keyboard.press("Tab");
  await expect(rail.getByRole("link", { name: "Home" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(menu).toBeFocused();
  await expect(rail).toHaveAttribute("inert");

  await menu.click();
  await reports.click();
  await expect(page.getByRole("heading", { name: "Reports" })).toBeVisible();
  await expect(page.locator("#main")).toBeFocused();
  await expect(reports).toHaveCount(0);
  expect(await faults(page)).toEqual([]);
  expect(wrong).toEqual([]);
});

// Plans by region, under groups, over time, and as a file, against a real server.
import { readFileSync } from "node:fs";
import { expect, test, type Page } from "@playwright/test";
import { faults } from "./axe";
import { fitted, quick, regions, uploaded } from "./markets";
import { faultsOf, isBuilt, Server } from "./server";

test.skip(!isBuilt, "the program is not built");
test.describe.configure({ mode: "serial", timeout: 120_000 });

let server: Server;
let fit: string;
test.beforeAll(async () => {
  server = await Server.start();
  const { id, spec } = await uploaded(server.base, "regions.csv", regions());
  fit = await fitted(server.base, id, quick(spec), "Regions");
});
test.afterAll(() => server.stop());

const open = (page: Page, search = "") => page.goto(`${server.base}/#/plan/${fit}/optimise${search}`);
const rowsOf = (page: Page, label: string) => page.getByRole("region", { name: label }).locator("tbody tr");

test("a plan is cut by region, and one region is looked at alone", async ({ page }) => {
  const wrong = faultsOf(page, server.base);
  await open(page);
  await expect(rowsOf(page, "The plan by channel")).toHaveCount(3);
  await page.getByLabel("Plan", { exact: true }).selectOption("by channel and region");
  await expect(rowsOf(page, "The plan by region")).toHaveCount(3);
  await expect(rowsOf(page, "The plan by channel")).toHaveCount(9);
  await page.locator("#gain").scrollIntoViewIfNeeded();
  await expect(page.locator("#gain svg")).toBeVisible();
  await page.getByLabel("Tables and charts show").selectOption("South");
  await expect(rowsOf(page, "The plan by channel")).toHaveCount(3);
  await expect(page.locator("#allocation .answer")).toContainText("South/");
  await expect(page.locator("#allocation .answer")).not.toContainText("North/");
  await page.reload();
  await expect(page.getByLabel("Tables and charts show")).toHaveValue("South");
  expect(await faults(page)).toEqual([]);
  expect(wrong).toEqual([]);
});

test("a group holds the plan back, and the address keeps it", async ({ page }) => {
  const wrong = faultsOf(page, server.base);
  await open(page);
  await page.getByRole("button", { name: "Groups of channels" }).click();
  await page.getByRole("button", { name: "Add a group" }).click();
  const group = page.getByRole("region", { name: "Group Group A" });
  await group.getByLabel("tv").check();
  const most = group.getByLabel("At most (%)");
  await most.fill("30");
  await most.press("Enter");
  const shares = page.getByRole("list", { name: "Groups" });
  await expect(shares).toContainText("30 % of the money, at most 30 %. This limit holds the plan back.");
  expect(await faults(page)).toEqual([]);
  await page.reload();
  await expect(shares).toContainText("at most 30 %");
  await page.getByRole("button", { name: "Groups: Group A" }).click();
  await page.getByRole("button", { name: "Remove Group A" }).click();
  await expect(shares).toHaveCount(0);
  expect(wrong).toEqual([]);
});

test("the media plan by month adds up to the plan, in the page and in its file", async ({ page }) => {
  const wrong = faultsOf(page, server.base);
  await open(page, "?by=geo&rhythm=historic");
  await page.getByLabel("By", { exact: true }).selectOption("month");
  await expect(page.getByRole("region", { name: "The plan by month" }).getByText("Feb 2025")).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Media plan as CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("media plan by month.csv");
  const [head = "", ...rows] = readFileSync(await download.path(), "utf8")
    .trim()
    .split("\n");
  expect(head).toMatch(/^channel,geo,today,planned,2024-12-01,2025-01-01,/);
  expect(rows).toHaveLength(9);
  for (const row of rows) {
    const [planned = 0, ...months] = row.split(",").slice(3).map(Number);
    expect(months.reduce((sum, money) => sum + money, 0)).toBeCloseTo(planned, 2);
  }
  const [book] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Media plan as Excel" }).click(),
  ]);
  expect(book.suggestedFilename()).toBe("media plan by month.xlsx");
  expect(
    readFileSync(await book.path())
      .subarray(0, 2)
      .toString(),
  ).toBe("PK");
  expect(wrong).toEqual([]);
});

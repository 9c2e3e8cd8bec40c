// The whole way through the pages: upload, map, fit, results, plan, report; on a public data set and on a simulated market.
import { existsSync, readFileSync } from "node:fs";
import { expect, test, type Page } from "@playwright/test";
import { faultsOf, isBuilt, Server } from "./server";

test.skip(!isBuilt, "the program is not built");
test.describe.configure({ mode: "serial", timeout: 600_000 });

const robyn = new URL("../../../shared/data/robyn/dt_simulated_weekly.csv", import.meta.url).pathname;

let server: Server;
test.beforeAll(async () => {
  server = await Server.start();
});
test.afterAll(() => server.stop());

interface Way {
  file: string;
  bytes: Buffer;
  /** Columns that are put right by hand, and what they are. */
  mended: Record<string, string>;
  /** Channels that cost money, and those that cost none. */
  channels: number;
  organic: number;
}

async function whole(page: Page, { file, bytes, mended, channels, organic }: Way): Promise<void> {
  const wrong = faultsOf(page, server.base);
  await page.goto(`${server.base}/#/data`);
  await page.locator("input[type=file]").setInputFiles({ name: file, mimeType: "text/csv", buffer: bytes });
  await expect(page.getByRole("heading", { level: 1, name: file })).toBeVisible({ timeout: 30_000 });
  for (const [column, role] of Object.entries(mended)) {
    await page.getByLabel(`What ${column} is`).selectOption(role);
    await expect(page.getByLabel(`What ${column} is`)).toHaveValue(role);
  }
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByRole("link", { name: "See results" }).click({ timeout: 480_000 });

  await expect(page.getByText("Brought by advertising")).toBeVisible({ timeout: 60_000 });
  await page.getByRole("tab", { name: "Channels" }).click();
  await expect(page.getByText(`1 of ${channels + organic}`)).toBeVisible({ timeout: 60_000 });

  await page.getByRole("link", { name: "Plan" }).click();
  await expect(page.getByRole("region", { name: "Spend by channel" }).locator("tbody tr")).toHaveCount(channels);
  await page.getByRole("tab", { name: "Optimise" }).click();
  await expect(page.getByRole("region", { name: "The plan by channel" }).locator("tbody tr")).toHaveCount(channels, {
    timeout: 60_000,
  });

  await page.getByRole("link", { name: "Reports" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page
      .getByRole("link", { name: /^Download the report of / })
      .first()
      .click(),
  ]);
  const report = readFileSync(await download.path(), "utf8");
  expect(report).toMatch(/^<!doctype html>/i);
  expect(report.length).toBeLessThan(3_000_000);
  expect(wrong).toEqual([]);
}

test("a public data set of five channels", async ({ page }) => {
  test.skip(!existsSync(robyn), "the folder ../shared with the public data sets is not here");
  const bytes = readFileSync(robyn);
  await whole(page, {
    file: "dt_simulated_weekly.csv",
    bytes,
    mended: { events: "excluded" },
    channels: 5,
    organic: 1,
  });
});

test("a simulated market of four channels", async ({ page }) => {
  const made = await fetch(`${server.base}/api/v1/simulations`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ preset: "recoverable", seed: 3 }),
  });
  const { id } = (await made.json()) as { id: string };
  const file = await fetch(`${server.base}/api/v1/datasets/${id}/file`);
  const bytes = Buffer.from(await file.arrayBuffer());
  await whole(page, { file: "market.csv", bytes, mended: {}, channels: 4, organic: 0 });
});

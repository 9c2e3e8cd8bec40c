// Drafts at the server, the sheets of a workbook, and the prior before a fit, against a real server.
import { expect, test, type Page } from "@playwright/test";
import { faults } from "./axe";
import { fitted, quick, shop, uploaded } from "./markets";
import { faultsOf, isBuilt, Server } from "./server";
import { workbook } from "./workbook";

test.skip(!isBuilt, "the program is not built");
test.describe.configure({ mode: "serial", timeout: 120_000 });

interface Kept {
  id: string;
  name: string;
  kind: string;
  subject: string;
  content: Record<string, unknown>;
  revision: number;
}

let server: Server;
let data: string;
let fit: string;
test.beforeAll(async () => {
  server = await Server.start();
  const made = await uploaded(server.base, "shop.csv", shop());
  data = made.id;
  fit = await fitted(server.base, data, quick(made.spec), "Shop");
});
test.afterAll(() => server.stop());

const open = (page: Page, path: string) => page.goto(`${server.base}/#${path}`);
const get = async (path: string) => (await fetch(`${server.base}/api/v1${path}`)).json();
const only = async (): Promise<Kept> => get(`/drafts/${(await get("/drafts")).items[0].id}`);
const saved = (page: Page) => page.getByRole("status").filter({ hasText: /^Saved/ });

/** Somebody else writes the draft. */
async function writeElsewhere(draft: Kept, content: object): Promise<void> {
  const { name, kind, subject } = draft;
  const answer = await fetch(`${server.base}/api/v1/drafts/${draft.id}`, {
    method: "PUT",
    headers: { "Content-Type": "application/json", "If-Match": `"${draft.revision}"` },
    body: JSON.stringify({ name, kind, subject, content }),
  });
  expect(answer.status).toBe(200);
}

test("a changed model is kept as a draft by itself, and opened again from the list", async ({ page }) => {
  const wrong = faultsOf(page, server.base);
  await open(page, `/model/${data}`);
  await page.getByLabel("How long it works").first().selectOption("delayed");
  await expect(saved(page)).toBeVisible();
  expect((await get("/drafts")).items).toHaveLength(1);
  await page.getByLabel("Last periods kept back").fill("8");
  await page.getByLabel("Last periods kept back").press("Enter");
  await expect.poll(async () => (await only()).content.data).toMatchObject({ holdout: 8 });

  await page.getByRole("button", { name: "Rename" }).click();
  const name = page.getByRole("textbox", { name: "Name of the draft" });
  await name.fill("Slow media");
  await name.press("Enter");
  await expect(page.getByText("Draft Slow media")).toBeVisible();

  await open(page, "/model");
  await page.getByRole("link", { name: "Slow media" }).click();
  await expect(page.getByLabel("Last periods kept back")).toHaveValue("8");
  await expect(page.getByLabel("How long it works").first()).toHaveValue("delayed");
  expect((await get("/drafts")).items).toHaveLength(1);
  expect(await faults(page)).toEqual([]);
  expect(wrong).toEqual([]);
});

test("where somebody else wrote the draft too, both are shown and one is chosen", async ({ page }) => {
  const draft = await only();
  await open(page, `/model/${data}?draft=${draft.id}`);
  await expect(saved(page)).toBeVisible();
  const theirs = { ...draft.content, data: { ...(draft.content.data as object), holdout: 13 } };
  await writeElsewhere(draft, theirs);
  const held = page.getByLabel("Last periods kept back");
  await held.fill("4");
  await held.press("Enter");
  const versions = page.getByRole("region", { name: "Both versions" });
  await expect(versions.getByRole("row", { name: "data.holdout 4 13" })).toBeVisible();
  expect((await only()).content).toEqual(theirs);
  expect(await faults(page)).toEqual([]);

  await page.getByRole("button", { name: "Take the server’s" }).click();
  await expect(held).toHaveValue("13");
  await expect(versions).toHaveCount(0);

  await writeElsewhere(await only(), { ...theirs, preset: "lite" });
  await held.fill("5");
  await held.press("Enter");
  await page.getByRole("button", { name: "Keep this page’s" }).click();
  await expect.poll(async () => (await only()).content.data).toMatchObject({ holdout: 5 });
  await expect(saved(page)).toBeVisible();
});

test("a draft is duplicated, removed, and brought back", async ({ page }) => {
  const wrong = faultsOf(page, server.base);
  await open(page, "/model");
  await page.getByRole("button", { name: "Duplicate Slow media" }).click();
  const copy = page.getByRole("link", { name: "Copy of Slow media" });
  await expect(copy).toBeVisible();
  await page.getByRole("button", { name: "Remove Copy of Slow media" }).click();
  await expect(copy).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(copy).toBeVisible();
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);
  expect(await faults(page)).toEqual([]);
  expect(wrong).toEqual([]);
});

test("a plan made by hand is kept, and fills the page when it is opened", async ({ page }) => {
  const wrong = faultsOf(page, server.base);
  await open(page, `/plan/${fit}/simulate`);
  const cell = page.getByRole("textbox", { name: "Spend of tv" });
  await cell.fill("1.2k");
  await cell.press("Enter");
  await expect(saved(page)).toBeVisible();
  await page.getByRole("button", { name: "Back to today" }).click();
  await expect(page.getByText("the same")).toBeVisible();
  await cell.fill("1.3k");
  await cell.press("Enter");
  await expect.poll(async () => JSON.stringify((await only()).content)).toContain("tv");
  await expect(saved(page)).toBeVisible();
  const { id } = await only();
  await page.goto("about:blank");
  await open(page, `/plan/${fit}/simulate`);
  await expect(cell).not.toHaveValue("1,300");
  await page.getByRole("region", { name: "Drafts" }).last().getByRole("link").first().click();
  await expect(cell).toHaveValue("1,300");
  expect(page.url()).toContain(id);
  expect(await faults(page)).toEqual([]);
  expect(wrong).toEqual([]);
});

test("what is believed before the data is drawn, and drawn anew after a change", async ({ page }) => {
  const wrong = faultsOf(page, server.base);
  const made = await fetch(`${server.base}/api/v1/simulations`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ preset: "recoverable" }),
  });
  await open(page, `/model/${((await made.json()) as { id: string }).id}`);
  const beliefs = page.getByRole("region", { name: "What is believed of each channel" });
  await expect(beliefs.getByRole("row")).toHaveCount(5, { timeout: 30_000 });
  await page.locator("#prior-predictive").scrollIntoViewIfNeeded();
  await expect(page.locator("#prior-predictive svg")).toBeVisible();
  const tv = beliefs.getByRole("row", { name: /^tv/ });
  const before = await tv.innerText();
  const most = page.getByLabel("tv: at most", { exact: true });
  await most.fill("40");
  await most.press("Enter");
  await expect.poll(() => tv.innerText()).not.toBe(before);
  expect(wrong).toEqual([]);
});

test("another sheet of a workbook has its own rows, columns and spec", async ({ page }) => {
  const wrong = faultsOf(page, server.base);
  const [head = "", ...rows] = shop().toString().split("\n");
  const table = [head.split(","), ...rows.map((row) => row.split(",").map((cell, k) => (k ? Number(cell) : cell)))];
  const notes = [["remark"], ["nothing to model here"]];
  await open(page, "/data");
  const file = { name: "book.xlsx", mimeType: "application/octet-stream" };
  const buffer = workbook({ Notes: notes, Sales: table });
  await page.locator("input[type=file]").setInputFiles({ ...file, buffer });
  const sheet = page.getByLabel("Sheet", { exact: true });
  await expect(sheet).toBeVisible({ timeout: 30_000 });
  await sheet.selectOption("Notes");
  await expect(page.getByRole("region", { name: "The first rows" })).toContainText("nothing to model here");
  await sheet.selectOption("Sales");
  await expect(page.getByRole("region", { name: "The first rows" })).toContainText("2023-01-02");
  await expect(page.getByLabel("What tv_spend is")).toHaveValue("spend");
  await page.reload();
  await expect(sheet).toHaveValue("Sales");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(page.getByText("Learnt from")).toBeVisible({ timeout: 90_000 });
  expect(wrong).toEqual([]);
});

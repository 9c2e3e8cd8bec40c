// The model page against a real server: plain words become a spec, faults stand beside their fields, Back undoes.
import { expect, test } from "@playwright/test";
import { faultsOf, isBuilt, Server } from "./server";

test.skip(!isBuilt, "the program is not built");
test.describe.configure({ mode: "serial", timeout: 120_000 });

let server: Server;
let data: string;
test.beforeAll(async () => {
  server = await Server.start();
  const made = await fetch(`${server.base}/api/v1/simulations`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ preset: "recoverable" }),
  });
  data = (await made.json()).id;
});
test.afterAll(() => server.stop());

test("what is said in words is in the text, and Back undoes it", async ({ page }) => {
  const wrong = faultsOf(page, server.base);
  await page.goto(`${server.base}/#/model/${data}`);
  const most = page.getByLabel("tv: at most", { exact: true });
  await most.fill("6");
  await most.press("Enter");
  await expect(page.getByRole("button", { name: "Back to the proposal" })).toBeVisible();
  await page.getByLabel("How long it works").first().selectOption("delayed");
  await page.getByRole("radiogroup", { name: "View" }).getByText("TOML").click();
  const text = page.getByRole("textbox", { name: "The model as mmm.toml" });
  await expect(text).toHaveValue(/adstock = \{ kind = "delayed" \}/);
  await page.goBack();
  await page.goBack();
  await expect(page.getByLabel("How long it works").first()).toHaveValue("geometric");
  await expect(most).toHaveValue("6");
  await page.goBack();
  await expect(most).toHaveValue("5.59");
  expect(wrong).toEqual([]);
});

test("a text that says the same is the same form; a fault stands beside its field", async ({ page }) => {
  const wrong = faultsOf(page, server.base);
  await page.goto(`${server.base}/#/model/${data}?view=toml`);
  const text = page.getByRole("textbox", { name: "The model as mmm.toml" });
  const before = await text.inputValue();
  await text.fill(`${before}\n# a remark\n`);
  await page.getByRole("button", { name: "Take this text" }).click();
  await expect(text).toHaveValue(before);
  await text.fill(before.replace("[data]\n", "[data]\nholdout = 900\n"));
  await page.getByRole("button", { name: "Take this text" }).click();
  await page.getByRole("radiogroup", { name: "View" }).getByText("Form").click();
  await expect(page.getByLabel("Last periods kept back")).toHaveValue("900");
  await expect(page.getByText("a holdout of 900 periods")).toBeVisible();
  await expect(page.getByRole("button", { name: "Start the run" })).toBeDisabled();
  expect(wrong).toEqual([]);
});

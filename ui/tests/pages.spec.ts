// Every page in light and dark: its heading, axe, a silent console, no other host asked; pictures of each for a person to look at,
// under test-results.
import { expect, test, type Page } from "@playwright/test";
import { faults } from "./axe";
import { fitted, quick, regions, shop, uploaded } from "./markets";
import { faultsOf, isBuilt, Server } from "./server";

test.skip(!isBuilt, "the program is not built");
test.describe.configure({ mode: "serial", timeout: 240_000 });

let server: Server;
const made = { data: "", national: "", regional: "" };
test.beforeAll(async () => {
  server = await Server.start();
  const [national, regional] = [
    await uploaded(server.base, "shop.csv", shop()),
    await uploaded(server.base, "regions.csv", regions()),
  ];
  made.data = national.id;
  made.national = await fitted(server.base, national.id, quick(national.spec), "Shop");
  const draft = { name: "Longer memory", kind: "spec", subject: national.id, content: national.spec };
  await fetch(`${server.base}/api/v1/drafts`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(draft),
  });
  made.regional = await fitted(server.base, regional.id, quick(regional.spec), "Regions");
});
test.afterAll(() => server.stop());

/** Name, address and heading of each page. */
function pages(): [string, string, string | RegExp][] {
  const { data, national, regional } = made;
  return [
    ["home", "/", "What did advertising bring?"],
    ["data", "/data", "Data"],
    ["dataset", `/data/${data}`, "shop.csv"],
    ["model", "/model", "Model"],
    ["model-form", `/model/${data}`, "Model for shop.csv"],
    ["model-toml", `/model/${data}?view=toml`, "Model for shop.csv"],
    ["runs", "/runs", "Runs"],
    ["run", `/runs/${national}`, "Shop"],
    ["compare", `/runs/compare?a=${national}&b=${regional}`, "Two runs side by side"],
    ["overview", `/results/${national}/overview`, "Results"],
    ["channels", `/results/${national}/channels`, "Results"],
    ["diagnostics", `/results/${national}/diagnostics`, "Results"],
    ["simulate", `/plan/${national}/simulate`, "Plan"],
    ["optimise", `/plan/${national}/optimise`, "Plan"],
    ["optimise-regions", `/plan/${regional}/optimise?by=geo&grain=month`, "Plan"],
    ["frontier", `/plan/${national}/frontier`, "Plan"],
    ["reports", "/reports", "Reports"],
    ["settings", "/settings", "Settings"],
    ["nowhere", "/nowhere", "There is no such page"],
  ];
}

async function settled(page: Page): Promise<void> {
  await page.waitForTimeout(300);
  await expect(page.getByLabel("Loading")).toHaveCount(0, { timeout: 60_000 });
}

/** Brings every chart near, so that all of it is drawn. */
async function drawn(page: Page): Promise<void> {
  for (const chart of await page.locator(".chart").all()) {
    await chart.scrollIntoViewIfNeeded();
    await expect(chart.locator("svg")).toBeVisible();
  }
}

for (const theme of ["light", "dark"])
  test(`every page renders, is clean and is pictured in ${theme}`, async ({ page }, info) => {
    const wrong = faultsOf(page, server.base);
    for (const [name, path, heading] of pages()) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.goto("about:blank");
      await page.goto(`${server.base}/#${path}${path.includes("?") ? "&" : "?"}theme=${theme}`);
      await expect(page.getByRole("heading", { level: 1, name: heading }), path).toBeVisible({ timeout: 60_000 });
      await settled(page);
      await drawn(page);
      expect(await faults(page), path).toEqual([]);
      await page.screenshot({ path: info.outputPath(`${name}-${theme}-1280.png`), fullPage: true });
      await page.setViewportSize({ width: 390, height: 844 });
      await settled(page);
      expect(await faults(page), `${path} at 390`).toEqual([]);
      await page.screenshot({ path: info.outputPath(`${name}-${theme}-390.png`), fullPage: true });
    }
    expect(wrong).toEqual([]);
  });

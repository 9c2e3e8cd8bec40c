// Progress of a run over a line that is cut: the browser takes it up where it was, and the page comes to the end.
import { expect, test } from "@playwright/test";
import { Line } from "./cut";
import { isBuilt, Server } from "./server";

test.skip(!isBuilt, "the program is not built");
test.describe.configure({ mode: "serial", timeout: 180_000 });

let server: Server;
let line: Line;
test.beforeAll(async () => {
  server = await Server.start();
  line = await Line.to(server.base);
});
test.afterAll(() => {
  line.close();
  server.stop();
});

test("a stream that is cut goes on from its last event", async ({ page }) => {
  const post = (path: string, body: object) =>
    fetch(server.base + path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }).then((answer) => answer.json());
  const { id, spec } = await post("/api/v1/simulations", { preset: "recoverable", seed: 1 });
  const slow = { ...spec, sampler: { draws: 6000, chains: 2 } };
  const { id: fit, job } = await post("/api/v1/fits", { dataset: id, spec: slow, name: "Slow" });

  const events = () => line.asked.filter(({ path }) => path === `/api/v1/jobs/${job}/events`);
  await page.goto(`${line.base}/#/runs/${fit}`);
  await expect(page.getByRole("progressbar", { name: "All of it" })).toBeVisible({ timeout: 60_000 });
  expect(events()).toHaveLength(1);
  line.cut();
  await expect.poll(() => events().length, { timeout: 60_000 }).toBeGreaterThan(1);
  expect(events().at(-1)?.headers["last-event-id"]).toMatch(/^\d+$/);
  await expect(page.getByRole("link", { name: "See results" })).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText("Learnt from")).toBeVisible();
});

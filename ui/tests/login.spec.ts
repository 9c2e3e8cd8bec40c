// A server that asks who is there: the dashboard lets in who knows the password, and shows each what they may do.
import { expect, test, type Page } from "@playwright/test";
import { faults } from "./axe";
import { isBuilt, Server, type Login } from "./server";

test.skip(!isBuilt, "the program is not built");
test.describe.configure({ mode: "serial", timeout: 60_000 });

const admin: Login = { login: "ada", password: "a long enough password", role: "admin" };
const viewer: Login = { login: "vera", password: "another long password", role: "viewer" };

let server: Server;
test.beforeAll(async () => {
  server = await Server.start([admin, viewer]);
});
test.afterAll(() => server.stop());

async function enter(page: Page, { login, password }: Login): Promise<void> {
  await page.getByRole("textbox", { name: "Login" }).fill(login);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

test("nobody is let in with a wrong password, and nothing is shown before", async ({ page }) => {
  await page.goto(`${server.base}/#/settings`);
  await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Settings" })).toHaveCount(0);
  await enter(page, { ...admin, password: "a guess of mine" });
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
  expect(await faults(page)).toEqual([]);
});

test("who logs in is on the page they asked for, until they log out", async ({ page }) => {
  await page.goto(`${server.base}/#/settings`);
  await enter(page, admin);
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
  await expect(page.getByText("You are logged in and may do everything")).toBeVisible();
  await expect(page.getByRole("heading", { name: "API keys" })).toBeVisible();
  await page.reload();
  await expect(page.getByText("You are logged in")).toBeVisible();
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
});

test("a viewer sees no keys, and is told where they may not go on", async ({ page }) => {
  await page.goto(`${server.base}/#/settings`);
  await enter(page, viewer);
  await expect(page.getByText("You are logged in and may look at everything")).toBeVisible();
  await expect(page.getByRole("heading", { name: "API keys" })).toHaveCount(0);
  await page.getByRole("link", { name: "Home" }).click();
  await page.getByRole("button", { name: "Try a demo" }).click();
  await expect(page.getByRole("alert")).toContainText(/role|may not|viewer/i);
});

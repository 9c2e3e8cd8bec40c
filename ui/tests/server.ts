// A server of the test's own, with the dashboard before it as the program will give it out.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";

const program = process.env.MMM ?? new URL("../../target/debug/mmm", import.meta.url).pathname;
const dist = new URL("../dist/app/", import.meta.url);

export const isBuilt = existsSync(program);

export class Server {
  readonly base: string;
  #child: ChildProcess;
  #folder: string;

  private constructor(base: string, child: ChildProcess, folder: string) {
    this.base = base;
    this.#child = child;
    this.#folder = folder;
  }

  static async start(): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), "mmm-app-"));
    const port = 20000 + (process.pid % 20000);
    const child = spawn(program, ["serve", "--port", String(port), "--data", folder], { stdio: "ignore" });
    const base = `http://127.0.0.1:${port}`;
    for (let tries = 0; tries < 100; tries += 1) {
      const isUp = await fetch(`${base}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isUp) return new Server(base, child, folder);
      await new Promise((done) => setTimeout(done, 100));
    }
    child.kill();
    throw new Error(`${program} does not answer`);
  }

  stop(): void {
    this.#child.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'nonce-abc'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
].join("; ");

/** Serves the built files under a strict policy; answers with everything that went wrong on the page. */
export async function dress(page: Page, base: string): Promise<string[]> {
  const wrong: string[] = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("pageerror", ({ message }) => wrong.push(message));
  page.on("request", (request) => {
    if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) wrong.push(`asked ${request.url()}`);
  });
  const index = readFileSync(new URL("index.html", dist), "utf8").replaceAll("__CSP_NONCE__", "abc");
  await page.route(`${base}/`, (route) =>
    route.fulfill({ contentType: "text/html", headers: { "content-security-policy": policy }, body: index }),
  );
  await page.route(`${base}/assets/*`, (route) => {
    const { pathname } = new URL(route.request().url());
    const contentType = pathname.endsWith(".css") ? "text/css" : "text/javascript";
    return route.fulfill({ contentType, body: readFileSync(new URL(`.${pathname}`, dist)) });
  });
  return wrong;
}

// A server of the test's own: the program that was built, with the dashboard in it.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";

const program = process.env.MMM ?? new URL("../../target/debug/mmm", import.meta.url).pathname;

export const isBuilt = existsSync(program);

export interface Login {
  login: string;
  password: string;
  role: "viewer" | "analyst" | "admin";
}

export class Server {
  readonly base: string;
  static #started = 0;
  #child: ChildProcess;
  #folder: string;

  private constructor(base: string, child: ChildProcess, folder: string) {
    this.base = base;
    this.#child = child;
    this.#folder = folder;
  }

  /** `logins`: who may come in, with their passwords; everybody on this machine without any. */
  static async start(logins: readonly Login[] = []): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), "mmm-app-"));
    for (const { login, password, role } of logins)
      spawnSync(program, ["serve", "--data", folder, "--create-user", login, "--role", role], {
        input: `${password}\n`,
      });
    // A port of its own for each: the one before may still be drawing its last breath on its port.
    Server.#started += 1;
    const port = 20000 + ((process.pid + 97 * Server.#started) % 20000);
    const child = spawn(program, ["serve", "--port", String(port), "--data", folder], { stdio: "ignore" });
    const base = `http://127.0.0.1:${port}`;
    for (let tries = 0; tries < 300; tries += 1) {
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

/** Everything that goes wrong on the page: errors, and whatever it asks of another host. */
export function faultsOf(page: Page, base: string): string[] {
  const wrong: string[] = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("pageerror", ({ message }) => wrong.push(message));
  page.on("request", (request) => {
    if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) wrong.push(`asked ${request.url()}`);
  });
  return wrong;
}

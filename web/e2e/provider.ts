/** A real OAuth2 provider (Authlib's, `tests/fixtures/oauth2`) as a process of its own on loopback. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const ROOT = join(import.meta.dirname, "../..");

export class Provider {
  private readonly process: ChildProcess;
  readonly url: string;
  /** What is filled in to be its client. */
  readonly credential: Record<string, string>;

  private constructor(process: ChildProcess, told: Pick<Provider, "url" | "credential">) {
    this.process = process;
    this.url = told.url;
    this.credential = told.credential;
  }

  /** Starts it for a stack at `origin`, to which it sends people back. */
  static async start(origin: string): Promise<Provider> {
    const python = join(ROOT, ".venv/bin/python");
    const child = spawn(
      existsSync(python) ? python : "python3",
      ["-m", "tests.fixtures.oauth2", `${origin}/api/oauth2/callback`],
      { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] },
    );
    const [line] = (await Promise.race([
      once(createInterface({ input: child.stdout }), "line"),
      once(child, "exit").then(() => {
        throw new Error("The OAuth2 provider of the tests did not start.");
      }),
    ])) as [string];
    return new Provider(child, JSON.parse(line) as Pick<Provider, "url" | "credential">);
  }

  /** Ends it: it serves until its standard input ends. */
  async stop(): Promise<void> {
    const ended = once(this.process, "exit");
    this.process.stdin?.end();
    await ended;
  }
}

/** Providers of the tests as processes of their own on loopback: each tells one line of JSON, and serves until its input ends. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const ROOT = join(import.meta.dirname, "../..");

interface Started<Told> {
  process: ChildProcess;
  told: Told;
}

async function start<Told>(module: string, ...args: string[]): Promise<Started<Told>> {
  const python = join(ROOT, ".venv/bin/python");
  const child = spawn(existsSync(python) ? python : "python3", ["-m", module, ...args], {
    cwd: ROOT,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    once(child, "exit").then(() => {
      throw new Error(`${module} did not start.`);
    }),
  ])) as [string];
  return { process: child, told: JSON.parse(line) as Told };
}

async function stop({ process }: Started<unknown>): Promise<void> {
  const ended = once(process, "exit");
  process.stdin?.end();
  await ended;
}

interface OAuth2 {
  url: string;
  /** What is filled in to be its client. */
  credential: Record<string, string>;
}

/** A real OAuth2 provider (Authlib's, `tests/fixtures/oauth2`). */
export class Provider {
  private readonly started: Started<OAuth2>;
  readonly url: string;
  readonly credential: Record<string, string>;

  private constructor(started: Started<OAuth2>) {
    this.started = started;
    this.url = started.told.url;
    this.credential = started.told.credential;
  }

  /** Starts it for a stack at `origin`, to which it sends people back. */
  static async start(origin: string): Promise<Provider> {
    return new Provider(await start<OAuth2>("tests.fixtures.oauth2", `${origin}/api/oauth2/callback`));
  }

  async stop(): Promise<void> {
    await stop(this.started);
  }
}

/** A GitHub with webhooks (`tests/fixtures/github.py`), which the stack's trigger asks while it serves. */
export class GitHub {
  private readonly started: Started<{ url: string }>;
  readonly url: string;

  private constructor(started: Started<{ url: string }>) {
    this.started = started;
    this.url = started.told.url.replace(/\/$/, "");
  }

  /** Starts it with repositories of `octocat`. */
  static async start(...repositories: string[]): Promise<GitHub> {
    return new GitHub(await start<{ url: string }>("tests.fixtures.github", ...repositories));
  }

  async stop(): Promise<void> {
    await stop(this.started);
  }
}

interface Mailbox {
  port: number;
  user: string;
  password: string;
}

/** A mail server with one account (`tests/fixtures/mailbox.py`), without encryption. */
export class MailServer {
  private readonly started: Started<Mailbox>;

  private constructor(started: Started<Mailbox>) {
    this.started = started;
  }

  static async start(): Promise<MailServer> {
    return new MailServer(await start<Mailbox>("tests.fixtures.mailbox"));
  }

  /** Where it is, and who may log in. */
  get told(): Mailbox {
    return this.started.told;
  }

  async stop(): Promise<void> {
    await stop(this.started);
  }
}

/** An AWS that is not the platform's own (moto's server, `tests/fixtures/aws.py`). */
export class AwsServer {
  private readonly started: Started<{ url: string }>;
  readonly url: string;

  private constructor(started: Started<{ url: string }>) {
    this.started = started;
    this.url = started.told.url;
  }

  static async start(): Promise<AwsServer> {
    return new AwsServer(await start<{ url: string }>("tests.fixtures.aws"));
  }

  async stop(): Promise<void> {
    await stop(this.started);
  }
}

import { fileURLToPath } from "node:url";
import { type APIRequestContext, expect, type Page, test } from "@playwright/test";
import { build, type Rollup } from "vite";
import type { LiveConnection, LiveSocket } from "../src/live/connection";
import { CuttingProxy, flushRedis, killRecorders } from "./chaos";
import { USER } from "./support";

/**
 * The soak: executions run while connections are cut, the recorder is killed and Redis is emptied. `STEPWEAVE_SOAK=full`
 * (`make soak`) is the whole of it; the suite has a small one.
 */
const FULL = process.env.STEPWEAVE_SOAK === "full";
const PLAN = FULL
  ? { executions: 200, atOnce: 10, cuts: 20, kills: 5, flushes: 2, minutes: 30 }
  : { executions: 24, atOnce: 6, cuts: 4, kills: 1, flushes: 1, minutes: 5 };
const NODES = 10;
const LINES = 20;
/** Events of one execution: its start and end, each node's, and what the code nodes write to the log. */
const EVENTS = 2 + 2 * NODES + (NODES - 1) * LINES;

type Told = Record<string, [seq: number, id: string][]>;
interface LiveModule {
  LiveConnection: typeof LiveConnection;
}
declare global {
  interface Window {
    live: LiveConnection;
    liveModule: LiveModule;
    told: Told;
    opened: number;
  }
}

test("every subscriber gets every event once and in order, whatever breaks", async ({ browser, request, baseURL }) => {
  test.skip(process.platform !== "linux", "processes are found in /proc");
  test.setTimeout(PLAN.minutes * 60_000);
  if (!baseURL) throw new Error("There is no stack to test.");
  const api = await signedIn(request);
  const workflow = await api.post("/api/workflows", chain());
  const { hostname, port } = new URL(baseURL);
  const code = await bundled();
  const proxies = [
    new CuttingProxy({ host: hostname, port: Number(port) }),
    new CuttingProxy({ host: hostname, port: Number(port) }),
  ];
  const pages: Page[] = [];
  for (const proxy of proxies) pages.push(await listener(browser, code, await proxy.listen()));

  const ids: string[] = [];
  const done = { cuts: 0, cutConnections: 0, kills: 0, killed: 0, flushes: 0 };
  const each = async () => {
    while (ids.length < PLAN.executions) {
      const number = ids.push("") - 1;
      const { executionId } = (await api.post(`/api/workflows/${workflow.id}/run`, {
        mode: "draft",
        items: [{ json: { number } }],
      })) as { executionId: string };
      ids[number] = executionId;
      await Promise.all(
        pages.map((page) =>
          page.evaluate((id) => {
            const told: [number, string][] = [];
            window.told[id] = told;
            window.live.subscribe(`execution:${id}`, 0, {
              events: (events) => told.push(...events.map(({ seq, id: event }) => [seq, event] as [number, string])),
            });
          }, executionId),
        ),
      );
      if (comes(number, PLAN.cuts)) {
        done.cuts += 1;
        for (const proxy of proxies) done.cutConnections += proxy.cut();
      }
      if (comes(number, PLAN.kills)) {
        done.kills += 1;
        done.killed += killRecorders();
      }
      if (comes(number, PLAN.flushes)) {
        done.flushes += 1;
        await flushRedis();
      }
      await api.ended(executionId);
    }
  };
  await Promise.all(Array.from({ length: PLAN.atOnce }, each));

  expect(done).toMatchObject({ cuts: PLAN.cuts, kills: PLAN.kills, flushes: PLAN.flushes });
  expect(done.cutConnections).toBeGreaterThan(0);
  expect(done.killed).toBeGreaterThan(0);
  const recorded: Told = {};
  for (const id of ids) recorded[id] = await api.events(id);
  const lengths = new Set(Object.values(recorded).map((events) => events.length));
  expect([...lengths], "every execution told the same number of events").toEqual([EVENTS]);
  for (const page of pages) {
    await expect
      .poll(() => page.evaluate(() => Object.values(window.told).reduce((sum, events) => sum + events.length, 0)), {
        timeout: 150_000,
      })
      .toBeGreaterThanOrEqual(PLAN.executions * EVENTS);
    expect(await page.evaluate(() => window.told)).toEqual(recorded);
  }
  const opened = await Promise.all(pages.map((page) => page.evaluate(() => window.opened)));
  const events = PLAN.executions * EVENTS;
  if (FULL) process.stdout.write(`${JSON.stringify({ ...PLAN, ...done, opened, events })}\n`);
  for (const proxy of proxies) await proxy.close();
});

/** Whether something that comes `times` times, evenly spread over the executions, comes with this one. */
function comes(number: number, times: number): boolean {
  const every = PLAN.executions / times;
  return Math.floor((number + 1 + every / 2) / every) > Math.floor((number + every / 2) / every);
}

/** A page whose one live connection goes through a proxy and keeps what each channel told. */
async function listener(browser: import("@playwright/test").Browser, code: string, port: number): Promise<Page> {
  const page = await (await browser.newContext({ bypassCSP: true })).newPage();
  // A page of the same origin without the app, whose own connection would be another subscriber; it may do nothing itself.
  await page.goto(`http://127.0.0.1:${port}/api/health`);
  await page.evaluate(`${code}; window.liveModule = liveModule; undefined`);
  await page.evaluate((user) => {
    let session = "";
    const logIn = async () => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch("/api/auth/login", { method: "POST", headers, body: JSON.stringify(user) });
      return ((await answer.json()) as { accessToken: string }).accessToken;
    };
    const ticketed = () =>
      fetch("/api/live/ticket", { method: "POST", headers: { authorization: `Bearer ${session}` } });
    window.told = {};
    window.opened = 0;
    window.live = new window.liveModule.LiveConnection({
      async address() {
        let answer = await ticketed();
        if (answer.status === 401) {
          session = await logIn();
          answer = await ticketed();
        }
        const { ticket } = (await answer.json()) as { ticket: string };
        window.opened += 1;
        return `ws://${window.location.host}/live?ticket=${ticket}`;
      },
      socket: (url) => new WebSocket(url) as LiveSocket,
      random: Math.random,
    });
  }, USER);
  return page;
}

/** The web app's own live connection, as one script. */
async function bundled(): Promise<string> {
  const entry = fileURLToPath(new URL("../src/live/connection.ts", import.meta.url));
  const built = (await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, minify: false, lib: { entry, formats: ["iife"], name: "liveModule" } },
  })) as Rollup.RollupOutput[];
  const code = built[0]?.output[0].code;
  if (!code) throw new Error("The live connection was not built.");
  return code;
}

async function signedIn(request: APIRequestContext) {
  const login = await request.post("/api/auth/login", { data: USER });
  let token = ((await login.json()) as { accessToken: string }).accessToken;
  const called = async (path: string, data?: unknown): Promise<Record<string, unknown>> => {
    for (let tries = 0; ; tries += 1) {
      const options = { headers: { authorization: `Bearer ${token}` }, ...(data ? { data } : {}) };
      const answer = data ? await request.post(path, options) : await request.get(path, options);
      if (answer.ok()) return (await answer.json()) as Record<string, unknown>;
      if (answer.status() === 401) {
        const session = await request.post("/api/auth/refresh");
        token = ((await session.json()) as { accessToken: string }).accessToken;
      } else if (tries > 20 || (answer.status() < 500 && answer.status() !== 404 && answer.status() !== 429)) {
        throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
  return {
    post: (path: string, data: unknown) => called(path, data),
    /** Waits until an execution is recorded as succeeded. */
    async ended(id: string): Promise<void> {
      for (;;) {
        const { status } = await called(`/api/executions/${id}`);
        if (status === "succeeded") return;
        if (status !== "running" && status !== "queued") throw new Error(`The execution ${id} is ${String(status)}.`);
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    },
    async events(id: string): Promise<[number, string][]> {
      const events: [number, string][] = [];
      for (;;) {
        const { items } = await called(`/api/executions/${id}/events?after=${events.at(-1)?.[0] ?? 0}&limit=200`);
        events.push(
          ...(items as { seq: number; id: string }[]).map((event): [number, string] => [event.seq, event.id]),
        );
        if ((items as unknown[]).length < 200) return events;
      }
    },
  };
}

/** A trigger and a chain of code nodes that write to the log. */
function chain() {
  const nodes: unknown[] = [
    { id: "n0", type: "manual_trigger", version: 1, name: "n0", params: {}, position: { x: 0, y: 0 } },
  ];
  const edges: unknown[] = [];
  for (let number = 1; number < NODES; number += 1) {
    const code = `for (let n = 0; n < ${LINES}; n += 1) console.log("line " + n); return $input.all();`;
    const params = { mode: "allItems", code };
    nodes.push({
      id: `n${number}`,
      type: "code",
      version: 1,
      name: `n${number}`,
      params,
      position: { x: number * 320, y: 0 },
    });
    edges.push({ id: `e${number}`, source: `n${number - 1}`, target: `n${number}` });
  }
  return { schema: 1, name: "Soak", nodes, edges };
}

// How soon a node's state reaches the browser after its function told it, with twenty executions running. Prints JSON.
//   STEPWEAVE_URL=http://127.0.0.1:8400 node scripts/bench-live.mjs
import { chromium } from "@playwright/test";

const base = process.env.STEPWEAVE_URL ?? "http://127.0.0.1:8400";
const AT_ONCE = 20;
const ROUNDS = 5;
const NODES = 10;

const browser = await chromium.launch({
  executablePath: process.env.STEPWEAVE_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const delays = [];
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => delays.push(...delaysOf(payload))));
  const token = await registered(page);
  const headers = { authorization: `Bearer ${token}` };
  const answer = await page.request.post(`${base}/api/workflows`, { data: workflow(), headers });
  const { id } = await answer.json();
  const run = () =>
    page.request.post(`${base}/api/workflows/${id}/run`, { data: { mode: "draft", items: [{ json: {} }] }, headers });
  await page.goto(`${base}/workflows/${id}`);
  await page.locator("[data-node]").first().waitFor();
  await watched(page); // what is cold is warm afterwards
  delays.length = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const others = Array.from({ length: AT_ONCE - 1 }, run);
    await watched(page);
    await Promise.all(others);
    await page.waitForTimeout(2000);
  }
  delays.sort((one, other) => one - other);
  const share = (part) => Math.round(delays[Math.min(delays.length - 1, Math.floor(delays.length * part))]);
  console.log(
    JSON.stringify({
      executions: AT_ONCE,
      events: delays.length,
      p50Ms: share(0.5),
      p95Ms: share(0.95),
      mostMs: share(1),
    }),
  );
} finally {
  await browser.close();
}

/** Runs the workflow in the editor until its last node is seen to have succeeded. */
async function watched(page) {
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.waitForFunction(
    (name) => document.querySelector(`[data-node="${name}"]`)?.getAttribute("data-state") === "succeeded",
    `n${NODES - 1}`,
    { timeout: 60_000 },
  );
  await page.getByTestId("run-status").filter({ hasText: "Succeeded" }).waitFor();
}

/** Milliseconds from the time that is in each node event to now: one machine, one clock. */
function delaysOf(payload) {
  const now = Date.now();
  const message = JSON.parse(String(payload));
  return (message.events ?? [])
    .filter(({ type }) => type === "node.started" || type === "node.succeeded")
    .map(({ at }) => now - Date.parse(at));
}

async function registered(page) {
  const tag = `live${Date.now().toString(36)}`;
  await page.goto(`${base}/register`);
  await page.getByLabel("Your name").fill("Bench");
  await page.getByLabel("Workspace").fill(tag);
  await page.getByLabel("Email").fill(`${tag}@example.com`);
  await page.getByLabel("Password").fill("a-long-password");
  const session = page.waitForResponse((response) => response.url().endsWith("/api/auth/register"));
  await page.getByRole("button", { name: "Create account" }).click();
  return (await (await session).json()).accessToken;
}

/** A trigger and a chain of code nodes. */
function workflow() {
  const nodes = [{ id: "n0", type: "manual_trigger", version: 1, name: "n0", params: {}, position: { x: 0, y: 0 } }];
  const edges = [];
  for (let number = 1; number < NODES; number += 1) {
    const params = { mode: "allItems", code: "return $input.all();" };
    const position = { x: number * 320, y: 0 };
    nodes.push({ id: `n${number}`, type: "code", version: 1, name: `n${number}`, params, position });
    edges.push({ id: `e${number}`, source: `n${number - 1}`, target: `n${number}` });
  }
  return { schema: 1, name: "Bench live", nodes, edges };
}

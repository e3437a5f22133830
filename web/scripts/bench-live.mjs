// How soon a node's end is drawn on the canvas after its function told it, with twenty executions running. Prints JSON.
//   STEPWEAVE_URL=http://127.0.0.1:8400 node scripts/bench-live.mjs
import { base, chainOf, inBrowser, registered, share } from "./bench-browser.mjs";

const AT_ONCE = 20;
const ROUNDS = 5;
const NODES = 10;

await inBrowser(async (page) => {
  const told = new Map();
  const arrived = [];
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      const now = Date.now();
      for (const { type, nodeId, at } of JSON.parse(String(payload)).events ?? []) {
        if (type !== "node.succeeded") continue;
        told.set(nodeId, Date.parse(at));
        arrived.push(now - Date.parse(at));
      }
    }),
  );
  const call = await registered(page);
  const { id } = await call("/api/workflows", chainOf(NODES, "return $input.all();"));
  const run = () => call(`/api/workflows/${id}/run`, { mode: "draft", items: [{ json: {} }] });
  await page.goto(`${base}/workflows/${id}`);
  await page.locator("[data-node]").first().waitFor();
  await watched(page); // what is cold is warm afterwards
  arrived.length = 0;
  const drawn = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    told.clear();
    const others = Array.from({ length: AT_ONCE - 1 }, run);
    const seen = await watched(page);
    for (const [nodeId, time] of Object.entries(seen)) if (told.has(nodeId)) drawn.push(time - told.get(nodeId));
    await Promise.all(others);
    await page.waitForTimeout(2000);
  }
  for (const delays of [arrived, drawn]) delays.sort((one, other) => one - other);
  const figures = (delays) => ({
    p50Ms: share(delays, 0.5),
    p95Ms: share(delays, 0.95),
    mostMs: share(delays, 1),
    count: delays.length,
  });
  console.log(JSON.stringify({ executions: AT_ONCE, atTheBrowser: figures(arrived), drawn: figures(drawn) }));
});

/** Runs the workflow in the editor to its end. Returns when each node was painted as succeeded, by its name. */
async function watched(page) {
  await page.evaluate(() => {
    window.drawn = {};
    window.observer?.disconnect();
    window.observer = new MutationObserver((changes) => {
      for (const { target } of changes) {
        const name = target.getAttribute("data-node");
        if (!name || target.getAttribute("data-state") !== "succeeded" || name in window.drawn) continue;
        window.drawn[name] = 0;
        requestAnimationFrame(() => setTimeout(() => (window.drawn[name] = Date.now())));
      }
    });
    window.observer.observe(document.body, { subtree: true, attributes: true, attributeFilter: ["data-state"] });
  });
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.waitForFunction((name) => window.drawn[name] > 0, `n${NODES - 1}`, { timeout: 60_000 });
  await page.getByTestId("run-status").filter({ hasText: "Succeeded" }).waitFor();
  return page.evaluate(() => window.drawn);
}

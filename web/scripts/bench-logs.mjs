// How smooth the log view is with ten thousand lines: while they come, while one scrolls, while one searches. Prints JSON.
//   STEPWEAVE_URL=http://127.0.0.1:8400 node scripts/bench-logs.mjs
import { base, chainOf, framesDuring, inBrowser, registered } from "./bench-browser.mjs";

// The sandbox keeps 200 lines of a run.
const LINES_OF_A_NODE = 195;
const NODES = 54;
const MS = 3000;

await inBrowser(async (page) => {
  const call = await registered(page);
  const code = `for (let n = 0; n < ${LINES_OF_A_NODE}; n += 1) console.log("line " + n + " of a node that says much"); return [{ json: {} }];`;
  const { id } = await call("/api/workflows", chainOf(NODES, code));
  const { executionId } = await call(`/api/workflows/${id}/run`, { mode: "draft", items: [{ json: {} }] });
  await page.goto(`${base}/executions/${executionId}`);
  await page.getByRole("tab", { name: /^Logs/ }).click();
  const log = page.getByRole("log");
  await log.waitFor();
  const coming = await framesDuring(page, MS, () => Promise.resolve());
  await page.getByTestId("run-status").filter({ hasText: "Succeeded" }).waitFor({ timeout: 60_000 });
  const total = Number((await page.getByRole("tab", { name: /^Logs/ }).textContent()).replace(/\D/g, ""));
  const box = await log.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const scrolling = await framesDuring(page, MS, async (until) => {
    for (let step = 0; Date.now() < until; step += 1) await page.mouse.wheel(0, step % 80 < 40 ? -600 : 600);
  });
  const searching = await framesDuring(page, MS, () => search(page));
  console.log(JSON.stringify({ lines: total, coming, scrolling, searching }));
});

async function search(page) {
  await page.getByRole("searchbox", { name: "Filter logs" }).click();
  await page.keyboard.type("line 94 of a node", { delay: 100 });
}

// How fast the editor is with a large workflow, in headless Chromium, against a running stack. Prints JSON.
//   STEPWEAVE_URL=http://127.0.0.1:8400 node scripts/bench-canvas.mjs [nodes]
import { base, framesDuring, inBrowser, registered } from "./bench-browser.mjs";

const count = Number(process.argv[2] ?? 500);
const PAN_MS = 3000;
const ROUNDS = 3;

await inBrowser(async (page) => {
  const call = await registered(page);
  const { id } = await call("/api/workflows", workflow());
  const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  const opened = [];
  for (let round = 0; round < ROUNDS; round += 1) opened.push(await opening(page, id));
  const frames = { far: await panning(page, 0.2), near: await panning(page, 1) };
  const typing = await longestWhileTyping(page, id);
  console.log(
    JSON.stringify({
      nodes: count,
      openMs: Math.round(median(opened)),
      framesPerSecond: frames,
      longestTaskWhileTypingMs: Math.round(typing),
    }),
  );
});

/** A trigger and rows of twenty-five nodes, each row a branch. */
function workflow() {
  const nodes = [node("start", "manual_trigger", 0, 0, {})];
  const edges = [];
  for (let number = 1; number < count; number += 1) {
    const column = (number - 1) % 25;
    const row = Math.floor((number - 1) / 25);
    nodes.push(node(`n${number}`, "set_fields", (column + 1) * 320, row * 120, fields()));
    edges.push({ id: `e${number}`, source: column === 0 ? "start" : `n${number - 1}`, target: `n${number}` });
  }
  return { schema: 1, name: `Bench ${count}`, nodes, edges };
}

function fields() {
  return { assignments: [{ name: "n", type: "text", value: "{{ $json.n }}" }] };
}

function node(id, type, x, y, params) {
  return { id, type, version: 1, name: id, params, position: { x, y } };
}

/** Milliseconds from following the link to the drawn canvas. */
async function opening(page, id) {
  await page.goto(`${base}/executions`);
  await page.getByRole("heading", { name: "Executions" }).waitFor();
  const began = performance.now();
  await page.goto(`${base}/workflows/${id}`);
  await page.locator("[data-node]").first().waitFor();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return performance.now() - began;
}

/** Frames per second while the canvas is panned, at a zoom. */
async function panning(page, zoom) {
  await page.keyboard.press("f");
  await page.waitForTimeout(600);
  await page.mouse.move(720, 450);
  if (zoom === 1) {
    await page.keyboard.down("Control");
    for (let step = 0; step < 12; step += 1) await page.mouse.wheel(0, -120);
    await page.keyboard.up("Control");
    await page.waitForTimeout(600);
  }
  const { framesPerSecond } = await framesDuring(page, PAN_MS, async (until) => {
    for (let step = 0; Date.now() < until; step += 1) {
      await page.mouse.wheel(step % 60 < 30 ? 24 : -24, step % 40 < 20 ? 12 : -12);
    }
  });
  return framesPerSecond;
}

/** The longest task of the main thread while somebody types into a form. */
async function longestWhileTyping(page, id) {
  await page.goto(`${base}/workflows/${id}?node=n3`);
  const field = page.getByRole("textbox", { name: "Field", exact: true });
  await field.waitFor();
  await page.waitForTimeout(1000);
  await page.evaluate(() => {
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.longest = Math.max(window.longest, entry.duration);
    }).observe({ entryTypes: ["longtask"] });
  });
  await field.click();
  await page.keyboard.type("a field with a long name, typed by somebody", { delay: 40 });
  await page.waitForTimeout(500);
  return page.evaluate(() => window.longest);
}

// How fast the editor is with a large workflow, in headless Chromium, against a running stack. Prints JSON.
//   STEPWEAVE_URL=http://127.0.0.1:8400 node scripts/bench-canvas.mjs [nodes]
import { chromium } from "@playwright/test";

const base = process.env.STEPWEAVE_URL ?? "http://127.0.0.1:8400";
const count = Number(process.argv[2] ?? 500);
const PAN_MS = 3000;
const ROUNDS = 3;

const browser = await chromium.launch({
  executablePath: process.env.STEPWEAVE_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const id = await prepared(page);
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
} finally {
  await browser.close();
}

/** Registers somebody, stores the workflow, and returns its id. */
async function prepared(page) {
  const tag = `bench${Date.now().toString(36)}`;
  await page.goto(`${base}/register`);
  await page.getByLabel("Your name").fill("Bench");
  await page.getByLabel("Workspace").fill(tag);
  await page.getByLabel("Email").fill(`${tag}@example.com`);
  await page.getByLabel("Password").fill("a-long-password");
  const session = page.waitForResponse((response) => response.url().endsWith("/api/auth/register"));
  await page.getByRole("button", { name: "Create account" }).click();
  const { accessToken } = await (await session).json();
  const answer = await page.request.post(`${base}/api/workflows`, {
    data: workflow(),
    headers: { authorization: `Bearer ${accessToken}` },
  });
  if (!answer.ok()) throw new Error(`the workflow was not stored: ${await answer.text()}`);
  return (await answer.json()).id;
}

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
  const frames = page.evaluate(
    (ms) =>
      new Promise((done) => {
        const began = performance.now();
        let seen = 0;
        const frame = (now) => {
          if (now - began >= ms) done((seen * 1000) / (now - began));
          else {
            seen += 1;
            requestAnimationFrame(frame);
          }
        };
        requestAnimationFrame(frame);
      }),
    PAN_MS,
  );
  const until = Date.now() + PAN_MS;
  for (let step = 0; Date.now() < until; step += 1) {
    await page.mouse.wheel(step % 60 < 30 ? 24 : -24, step % 40 < 20 ? 12 : -12);
  }
  return Math.round(await frames);
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

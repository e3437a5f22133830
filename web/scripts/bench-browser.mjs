// What the benchmarks in a browser share: the browser, an account of their own, and frames counted. Needs a running stack.
import { chromium } from "@playwright/test";

export const base = process.env.STEPWEAVE_URL ?? "http://127.0.0.1:8400";
const mail = `http://127.0.0.1:${process.env.STEPWEAVE_MAIL_PORT ?? "8401"}`;

/** Runs `work` with a page of the editor's usual size. */
export async function inBrowser(work) {
  const browser = await chromium.launch({
    executablePath: process.env.STEPWEAVE_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu"],
  });
  try {
    await work(await browser.newPage({ viewport: { width: 1440, height: 900 } }));
  } finally {
    await browser.close();
  }
}

/** Registers somebody on the page and returns what calls the API for them: `(path, data) => answer`. */
export async function registered(page) {
  const tag = `bench${Date.now().toString(36)}`;
  await page.goto(`${base}/register`);
  await page.getByLabel("Your name").fill("Bench");
  await page.getByLabel("Workspace").fill(tag);
  await page.getByLabel("Email").fill(`${tag}@example.com`);
  await page.getByLabel("Password").fill("a-long-password");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "Look into your mail" }).waitFor();
  const mails = await (await page.request.get(`${mail}/api/messages`)).json();
  const text = mails.find(({ to }) => to.includes(`${tag}@example.com`)).text;
  await page.goto(`${base}${/(\/confirm#\S+)/.exec(text)[1]}`);
  await page.getByLabel("Password").fill("a-long-password");
  const session = page.waitForResponse((response) => response.url().endsWith("/api/auth/confirm"));
  await page.getByRole("button", { name: "Confirm and go on" }).click();
  const { accessToken } = await (await session).json();
  return async (path, data) => {
    const answer = await page.request.post(`${base}${path}`, {
      data,
      headers: { authorization: `Bearer ${accessToken}` },
    });
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
    return answer.json();
  };
}

/** A workflow of a trigger and a chain of `count - 1` code nodes. */
export function chainOf(count, code) {
  const nodes = [{ id: "n0", type: "manual_trigger", version: 1, name: "n0", params: {}, position: { x: 0, y: 0 } }];
  const edges = [];
  for (let number = 1; number < count; number += 1) {
    const params = { mode: "allItems", code };
    const position = { x: number * 320, y: 0 };
    nodes.push({ id: `n${number}`, type: "code", version: 1, name: `n${number}`, params, position });
    edges.push({ id: `e${number}`, source: `n${number - 1}`, target: `n${number}` });
  }
  return { schema: 1, name: `Bench ${count}`, nodes, edges };
}

/** Frames per second of the page during `ms`, and its longest task, while `work` goes on. */
export async function framesDuring(page, ms, work) {
  const counted = page.evaluate(
    (limit) =>
      new Promise((done) => {
        let longest = 0;
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) longest = Math.max(longest, entry.duration);
        });
        observer.observe({ entryTypes: ["longtask"] });
        const began = performance.now();
        let seen = 0;
        const frame = (now) => {
          if (now - began < limit) {
            seen += 1;
            requestAnimationFrame(frame);
            return;
          }
          observer.disconnect();
          done({ framesPerSecond: Math.round((seen * 1000) / (now - began)), longestTaskMs: Math.round(longest) });
        };
        requestAnimationFrame(frame);
      }),
    ms,
  );
  await work(Date.now() + ms);
  return counted;
}

/** The value below which `part` of the sorted values are. */
export function share(values, part) {
  return Math.round(values[Math.min(values.length - 1, Math.floor(values.length * part))]);
}

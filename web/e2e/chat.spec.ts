import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, type Page, test } from "@playwright/test";
import { besides, expectAccessible, expectState, logIn, unique } from "./support";

/** A server that speaks OpenAI's wire format, and says what the test says, when it says it. */
async function models() {
  const asked: ServerResponse[] = [];
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      asked.push(response);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const tell = (choice: object) => {
    const chunk = { id: "c", object: "chat.completion.chunk", created: 1, model: "parrot", choices: [choice] };
    asked.at(-1)?.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  return {
    url: `http://127.0.0.1:${port}/v1`,
    /** Waits until it was asked so often. */
    asked: (times: number) => expect.poll(() => asked.length, { timeout: 60_000 }).toBe(times),
    say: (content: string) => tell({ index: 0, delta: { content }, finish_reason: null }),
    end: () => {
      tell({ index: 0, delta: {}, finish_reason: "stop" });
      asked.at(-1)?.end("data: [DONE]\n\n");
    },
    cut: () => asked.at(-1)?.destroy(),
    close: () => {
      for (const one of asked) one.destroy();
      server.close();
    },
  };
}

const node = (id: string, type: string, name: string, params: object, x = 0) => ({
  id,
  type,
  name,
  params,
  position: { x, y: 0 },
});
const edge = (source: string, target: string) => ({
  id: source + target,
  source,
  sourcePort: "main",
  target,
  targetPort: "main",
});

type Call = Awaited<ReturnType<typeof besides>>;

/** Publishes a chat that a model answers, and returns its workflow and its address. */
async function chatted(page: Page, call: Call, url: string, params: object = {}) {
  const account = { name: unique("Parrot"), type: "openai", data: { apiKey: "sk-test", baseUrl: url } };
  const { id: credential } = await call("/api/credentials", account);
  const path = unique("chat")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  const { id } = await call("/api/workflows", {
    schema: 1,
    name: path,
    nodes: [
      node("chat", "chat_trigger", "Chat", { path, title: "Ask the shop", greeting: "Hello, **you**.", ...params }),
      node("look", "set_fields", "Look up the order", { assignments: [{ name: "order", value: "17" }] }, 320),
      node("ask", "language_model", "Answer", { credential, model: "parrot", prompt: "{{ $json.chatInput }}" }, 640),
    ],
    edges: [edge("chat", "look"), edge("look", "ask")],
  });
  await call(`/api/workflows/${String(id)}/publish`, {});
  await page.goto(`/workflows/${String(id)}?node=chat`);
  const address = (await page.getByTestId("chat-url").textContent()) ?? "";
  return { id: String(id), address };
}

const LINES = Array.from({ length: 60 }, (_, index) => `${index + 1}. line number ${index + 1}`).join("\n");

test("a visitor on a phone writes whole sentences, and reads the answers as they come", async ({
  page,
  request,
  browser,
}) => {
  const server = await models();
  await logIn(page);
  const { address } = await chatted(page, await besides(request), server.url, {
    suggestions: "Where is my order?",
    takesFiles: true,
    accept: ".txt",
  });
  const context = await browser.newContext({ viewport: { width: 390, height: 800 }, colorScheme: "dark" });
  const visitor = await context.newPage();
  const troubles: string[] = [];
  visitor.on("pageerror", (error) => troubles.push(String(error)));
  visitor.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
  visitor.on("request", (one) => !one.url().startsWith(new URL(address).origin) && troubles.push(one.url()));
  await visitor.goto(address);
  const log = visitor.getByRole("log");
  const box = visitor.getByRole("textbox", { name: "Write a message" });
  await expect(log).toContainText("Hello, you.");
  await expectAccessible(visitor);

  // Enter that takes a word of an input method sends nothing; Shift and Enter begin a line.
  await box.click();
  await visitor.keyboard.type("Where is my order");
  await box.evaluate((field) =>
    field.dispatchEvent(
      new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }),
    ),
  );
  await visitor.keyboard.type(", please?");
  await visitor.keyboard.press("Shift+Enter");
  await visitor.keyboard.type("I sent for it in March.");
  await visitor
    .locator("input[type=file]")
    .setInputFiles({ name: "bill.txt", mimeType: "text/plain", buffer: Buffer.from("17") });
  await expect(box).toBeFocused();
  await visitor.keyboard.press("Enter");
  await server.asked(1);
  await expect(log).toContainText("Where is my order, please?\nI sent for it in March.");
  await expect(log).toContainText("bill.txt");
  await expect(log.getByRole("listitem").filter({ hasText: "Look up the order" })).toHaveClass("done");
  await expect(log.getByRole("listitem").filter({ hasText: "Answer" })).toHaveClass("works");
  await expect(box).toHaveValue("");

  // What a model writes runs nothing and loads nothing.
  server.say("It is **on its");
  await expect(log.locator("strong").filter({ hasText: "on its" })).toBeVisible();
  await visitor.keyboard.type("And while it comes I write on.");
  server.say(" way**. <img src=x onerror=alert(1)> ![x](https://evil.example/?d=1) [y](javascript:alert(1))\n\n");
  await expect(log.getByRole("link", { name: "Picture: x" })).toHaveAttribute("rel", /noopener/);
  expect(await log.locator("img, script").count()).toBe(0);
  expect(await log.locator("a").count()).toBe(1);
  await expect(box).toHaveValue("And while it comes I write on.");

  // A reload in the midst of it keeps message and answer; nobody else has them.
  await visitor.reload();
  await expect(log).toContainText("on its way");
  await expect(visitor.getByRole("button", { name: "Stop" })).toBeVisible();
  const stranger = await browser.newContext();
  const other = await stranger.newPage();
  await other.goto(address);
  await expect(other.getByRole("log")).toContainText("Hello, you.");
  await expect(other.getByRole("log")).not.toContainText("March");
  await stranger.close();

  // Who reads further up stays there while more comes.
  server.say(LINES);
  await expect(log).toContainText("line number 60");
  await log.evaluate((it) => {
    it.scrollTop = 0;
  });
  await expect(visitor.getByRole("button", { name: "To the latest message" })).toBeVisible();
  server.say("\n\nThat is all.");
  server.end();
  await expect(log).toContainText("That is all.");
  expect(await log.evaluate((it) => it.scrollTop)).toBe(0);
  await expect(visitor.getByRole("status")).toContainText("That is all.");
  await visitor.getByRole("button", { name: "To the latest message" }).click();
  await expect(visitor.getByRole("button", { name: "Copy" })).toBeInViewport();
  await expectAccessible(visitor);
  expect(await visitor.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);

  // One that is stopped, one that fails, and one more try.
  await box.click();
  await visitor.keyboard.type("Tell me a long story.");
  await visitor.keyboard.press("Enter");
  await server.asked(2);
  server.say("Once upon a time");
  await expect(log).toContainText("Once upon a time");
  await visitor.getByRole("button", { name: "Stop" }).click();
  await expect(log).toContainText("Stopped.");
  await expect(box).toBeFocused();
  await visitor.keyboard.type("Then a short one.");
  await visitor.keyboard.press("Enter");
  await server.asked(3);
  server.cut();
  await expect(log).toContainText("Something went wrong, and there is no answer.");
  await expect(log).not.toContainText("peer closed");
  await visitor.getByRole("button", { name: "Try again" }).last().click();
  await server.asked(4);
  server.say("The end.");
  server.end();
  await expect(log).toContainText("The end.");
  expect(await log.getByText("Then a short one.").count()).toBe(1);

  await visitor.getByRole("button", { name: "New conversation" }).click();
  await expect(log).not.toContainText("The end.");
  await expect(log.getByRole("button", { name: "Where is my order?" })).toBeVisible();
  expect(troubles).toEqual([]);
  await context.close();
  server.close();
});

test("in a frame of another site, without storage and without WebSockets, two messages are answered", async ({
  page,
  request,
  browser,
}) => {
  const server = await models();
  await logIn(page);
  const site = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end(`<!doctype html><title>Shop</title><h1>Shop</h1><script src="${address}/~embed.js" async></script>`);
  });
  await new Promise<void>((done) => site.listen(0, "127.0.0.1", done));
  const { port } = site.address() as AddressInfo;
  const { address } = await chatted(page, await besides(request), server.url, { embed: `http://localhost:${port}` });
  await expect(page.getByTestId("chat-embed")).toContainText("~embed.js");
  const context = await browser.newContext();
  await context.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get: () => {
        throw new DOMException("Access is denied for this document.", "SecurityError");
      },
    });
    window.WebSocket = class extends EventTarget {
      onclose: (() => void) | null = null;
      constructor() {
        super();
        setTimeout(() => this.onclose?.(), 0);
      }
      close() {}
    } as unknown as typeof WebSocket;
  });
  const visitor = await context.newPage();
  await visitor.goto(`http://localhost:${port}/`);
  await visitor.getByRole("button", { name: "Ask the shop" }).press("Enter");
  const chat = visitor.frameLocator("iframe");
  const box = chat.getByRole("textbox", { name: "Write a message" });
  for (const [index, text] of ["Do you have parrots?", "And what do they say?"].entries()) {
    await box.click();
    await visitor.keyboard.type(text);
    await visitor.keyboard.press("Enter");
    await server.asked(index + 1);
    server.say(`Answer ${index + 1}`);
    await expect(chat.getByRole("log")).toContainText(`Answer ${index + 1}`);
    server.end();
    await expect(chat.getByRole("button", { name: "Copy" })).toHaveCount(index + 1);
  }
  // A site that the chat does not name shows nothing.
  await visitor.goto(`http://127.0.0.1:${port}/`);
  await visitor.getByRole("button", { name: "Ask the shop" }).press("Enter");
  await expect(visitor.frameLocator("iframe").getByRole("log")).toHaveCount(0);
  await context.close();
  site.close();
  server.close();
});

test("members come in by the app, and who knows the password by that", async ({ page, request, browser }) => {
  const server = await models();
  await logIn(page);
  const call = await besides(request);
  const members = await chatted(page, call, server.url, { access: "members", greeting: "Dear member." });
  await page.goto(members.address);
  await expect(page.getByText("This chat is for members.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Log in", exact: true }).press("Enter");
  await expect(page.getByRole("log")).toContainText("Dear member.");
  expect(page.url()).toBe(members.address);
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Write a message" })).toBeVisible();

  const secret = { name: unique("Door"), type: "chat_password", data: { password: "open sesame" } };
  const { id: password } = await call("/api/credentials", secret);
  const closed = await chatted(page, call, server.url, { access: "password", password, greeting: "Come in." });
  const context = await browser.newContext();
  const visitor = await context.newPage();
  await visitor.goto(closed.address);
  expect(await visitor.content()).not.toContain("Come in.");
  await visitor.keyboard.type("open sesam");
  await visitor.keyboard.press("Enter");
  await expect(visitor.getByText("That is not the password.")).toBeVisible();
  await visitor.keyboard.type("open sesame");
  await visitor.keyboard.press("Enter");
  await expect(visitor.getByRole("log")).toContainText("Come in.");
  await context.close();
  server.close();
});

test("beside the canvas the draft answers, and what fails leads to its node", async ({ page, request }) => {
  const server = await models();
  await logIn(page);
  const call = await besides(request);
  const { id } = await chatted(page, call, server.url, { takesFiles: true, accept: ".txt" });
  await page.getByRole("button", { name: "Chat", exact: true }).press("Enter");
  const panel = page.getByRole("region", { name: "Chat" });
  const box = panel.getByRole("textbox");
  await expect(box).toBeFocused();
  await page.keyboard.type("Where is order seventeen, please?");
  await page.keyboard.press("Enter");
  await server.asked(1);
  server.say("It is **on its");
  await expect(panel.locator("strong").filter({ hasText: "on its" })).toBeVisible();
  await page.keyboard.type("A second question, while the first");
  server.say(" way**.");
  await expect(panel.getByRole("log")).toContainText("on its way.");
  await page.keyboard.type(" is answered.");
  await expect(box).toHaveValue("A second question, while the first is answered.");
  server.end();
  await expectState(page, "Answer", "succeeded");
  await expect(panel.getByRole("button", { name: "Send" })).toBeEnabled();
  await expectAccessible(page);
  const session = await panel.getByTestId("chat-session").textContent();
  await page.keyboard.press("Enter");
  await server.asked(2);
  server.cut();
  await panel.getByRole("button", { name: "Show Answer" }).last().click();
  await expect(page.getByRole("textbox", { name: "Rename" })).toHaveValue("Answer");
  await panel.getByRole("button", { name: "New session" }).click();
  await expect(panel.getByRole("log")).not.toContainText("order seventeen");
  await expect(panel.getByTestId("chat-session")).not.toHaveText(session ?? "");

  const files = panel.locator("input[type=file]");
  await files.setInputFiles({ name: "a.png", mimeType: "image/png", buffer: Buffer.from("x") });
  await expect(panel.getByRole("alert")).toContainText("another kind");
  await expect(panel.getByRole("button", { name: "Send" })).toBeDisabled();
  await panel.getByRole("button", { name: "Leave a.png out" }).click();
  await files.setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("seventeen") });
  await expectAccessible(page);
  await box.fill("And this?");
  await page.keyboard.press("Enter");
  await server.asked(3);
  server.say("I have seen it.");
  server.end();
  await expect(panel.getByRole("log")).toContainText("I have seen it.");
  await expect(panel.getByRole("log")).toContainText("a.txt");
  await expect(panel.getByRole("button", { name: "Leave a.txt out" })).toBeHidden();
  const { items } = (await call(`/api/executions?workflowId=${id}&limit=1`)) as { items: { id: string }[] };
  const given = (await call(`/api/executions/${items[0]?.id}/items?nodeId=chat&direction=out&port=main`)) as {
    items: { json: { files: unknown }; binary: { file: { fileName: string; size: number } } }[];
  };
  expect(given.items[0]?.json.files).toEqual([{ fileName: "a.txt", mimeType: "text/plain", size: 9 }]);
  expect(given.items[0]?.binary.file).toMatchObject({ fileName: "a.txt", size: 9 });
  server.close();
});

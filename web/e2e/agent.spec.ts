import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { besides, expectAccessible, expectSaved, expectState, logIn, unique } from "./support";

interface Says {
  text?: string;
  calls?: [string, object][];
}
interface Asked {
  messages: { role: string; content: string | null }[];
  tools?: { function: { name: string; description: string; parameters: object } }[];
}

/** A server that speaks OpenAI's wire format, and says one thing after the other. */
async function models(...script: Says[]) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => {
      body += piece;
    });
    request.on("end", () => {
      const says = script[Math.min(asked.length, script.length - 1)] ?? {};
      asked.push(JSON.parse(body) as Asked);
      response.writeHead(200, { "content-type": "text/event-stream" });
      const tell = (delta: object, finish: string | null = null) =>
        response.write(
          `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "parrot", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
        );
      if (says.text) tell({ content: says.text });
      for (const [index, [name, args]] of (says.calls ?? []).entries()) {
        const called = { name, arguments: JSON.stringify(args) };
        tell({ tool_calls: [{ index, id: `call_${asked.length}_${index}`, type: "function", function: called }] });
      }
      tell({}, says.calls ? "tool_calls" : "stop");
      response.end("data: [DONE]\n\n");
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, asked, close: () => server.close() };
}

/** A shop: an order's state by its number, and refunds. */
async function shop() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ order: 17, state: "lost", by: request.url }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, close: () => server.close() };
}

/** Adds a tool below the agent, and asks for what stands behind its address. */
async function addTool(page: Page, name: string, url: string): Promise<void> {
  await page.getByRole("button", { name: "Add a node after AI agent, Tools" }).click();
  await page.getByRole("dialog", { name: "Add a node" }).getByRole("combobox").fill("http");
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: "Parameters" }).click();
  await page.getByRole("textbox", { name: "URL" }).pressSequentially(url);
  await page.getByRole("textbox", { name: "Rename" }).fill(name);
  await page.getByRole("textbox", { name: "Rename" }).press("Enter");
}

const settings = (page: Page): Locator => page.getByRole("region", { name: "Tool of AI agent" });

test("an agent with three tools answers in a chat, and asks a person before one of them", async ({
  page,
  request,
  browser,
}) => {
  test.setTimeout(150_000);
  const store = await shop();
  const server = await models(
    {
      calls: [
        ["Look_up_order", { order: 17 }],
        ["What_day_is_it", {}],
      ],
    },
    { calls: [["Refund", { amount: 50 }]] },
    { text: "Your parcel is **lost**. I have paid 20 back." },
  );
  await logIn(page);
  const call = await besides(request);
  const account = { name: unique("Parrot"), type: "openai", data: { apiKey: "sk-test", baseUrl: server.url } };
  const { id: credential } = await call("/api/credentials", account);
  const path = unique("agent")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  const params = { credential, model: "parrot" };
  const { id } = await call("/api/workflows", {
    schema: 1,
    name: path,
    nodes: [
      { id: "chat", type: "chat_trigger", name: "Chat", params: { path, title: "Shop" }, position: { x: 0, y: 0 } },
      { id: "agent", type: "agent", name: "AI agent", params, position: { x: 320, y: 0 } },
    ],
    edges: [{ id: "e", source: "chat", sourcePort: "main", target: "agent", targetPort: "main" }],
  });
  await page.goto(`/workflows/${String(id)}?node=agent`);

  await page.getByRole("textbox", { name: "What to do" }).click();
  await page.keyboard.type("Answer as the shop's clerk: {{ $json.chatInput");

  await addTool(page, "Look up order", `${store.url}/orders/`);
  const url = page.getByRole("textbox", { name: "URL" });
  await url.click();
  await page.keyboard.press("End");
  await page.keyboard.type("{{ $fromAI('order', 'The number of the order', 'number')");
  await page.getByRole("tab", { name: "Settings" }).click();
  await settings(page)
    .getByLabel("What the model is told of it")
    .pressSequentially("Gives an order's state. Use it before saying anything about an order.");
  await expectAccessible(page);

  await addTool(page, "What day is it", `${store.url}/day`);

  await addTool(page, "Refund", `${store.url}/refund`);
  await page.getByRole("combobox", { name: "Method" }).click();
  await page.getByRole("option", { name: "POST" }).click();
  await url.click();
  await page.keyboard.press("End");
  await page.keyboard.type("?amount={{ $fromAI('amount', 'How much', 'number')");
  await page.getByRole("tab", { name: "Settings" }).click();
  await settings(page).getByRole("switch", { name: "Needs approval" }).click();
  await settings(page).getByLabel("Who decides").pressSequentially("ada@example.com");
  await settings(page).getByLabel("Who decides").fill("");
  await expectSaved(page);
  await expectAccessible(page);
  await call(`/api/workflows/${String(id)}/publish`, {});

  const context = await browser.newContext();
  const visitor = await context.newPage();
  await page.goto(`/workflows/${String(id)}?node=chat`);
  await visitor.goto((await page.getByTestId("chat-url").textContent()) ?? "");
  const log = visitor.getByRole("log");
  await visitor.getByRole("textbox", { name: "Write a message" }).click();
  await visitor.keyboard.type("Where is order 17? If it is lost, I want my money back.");
  await visitor.keyboard.press("Enter");
  await expect(log.getByRole("listitem").filter({ hasText: "Look up order" })).toBeVisible({ timeout: 30_000 });

  await page.goto("/approvals");
  await page.getByRole("link", { name: "May “AI agent” use “Refund”?" }).first().click();
  const args = page.getByLabel("What it is called with");
  await expect(args).toHaveValue(/"amount": 50/);
  expect(store.asked.filter((one) => one.includes("refund"))).toEqual([]);
  await expectAccessible(page);
  await args.fill('{ "amount": 20');
  await page.getByRole("button", { name: "Approve" }).click();
  await expect(page.getByText("This is no JSON object.")).toBeVisible();
  await args.press("End");
  await page.keyboard.type(" }");
  await page.getByRole("button", { name: "Approve" }).click();
  await expect(page.getByText("Approved").first()).toBeVisible();

  await expect(log).toContainText("I have paid 20 back.", { timeout: 30_000 });
  await expect(log.locator("strong").filter({ hasText: "lost" })).toBeVisible();
  expect(store.asked.sort()).toEqual(["GET /day", "GET /orders/17", "POST /refund?amount=20"]);
  const [first, , last] = server.asked;
  expect(first?.tools?.map((one) => one.function.name)).toEqual(["Look_up_order", "What_day_is_it", "Refund"]);
  expect(first?.tools?.[0]?.function.description).toContain("Use it before saying anything");
  expect(first?.messages.at(-1)?.content).toContain("I want my money back.");
  expect(last?.messages.at(-1)?.content).toContain('a person changed the arguments to {"amount":20}');

  await context.close();
  server.close();
  store.close();
});

test("a tool waits on the canvas, and is refused there", async ({ page, request }) => {
  test.setTimeout(120_000);
  const server = await models({ calls: [["Refund", { amount: 50 }]] }, { text: "Then not." });
  await logIn(page);
  const call = await besides(request);
  const account = { name: unique("Parrot"), type: "openai", data: { apiKey: "sk-test", baseUrl: server.url } };
  const { id: credential } = await call("/api/credentials", account);
  const { id } = await call("/api/workflows", {
    schema: 1,
    name: unique("Refused"),
    nodes: [
      { id: "start", type: "manual_trigger", name: "Start", params: {}, position: { x: 0, y: 0 } },
      {
        id: "agent",
        type: "agent",
        name: "AI agent",
        params: { credential, model: "parrot", prompt: "Refund it." },
        position: { x: 320, y: 0 },
      },
    ],
    edges: [{ id: "e", source: "start", sourcePort: "main", target: "agent", targetPort: "main" }],
  });
  await page.goto(`/workflows/${String(id)}?node=agent`);
  await page.getByRole("button", { name: "Add a node after AI agent, Tools" }).click();
  await page.getByRole("dialog", { name: "Add a node" }).getByRole("combobox").fill("set fields");
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Rename" }).fill("Refund");
  await page.getByRole("textbox", { name: "Rename" }).press("Enter");
  await page.getByRole("tab", { name: "Settings" }).click();
  await settings(page).getByRole("switch", { name: "Needs approval" }).click();
  await expectSaved(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expectState(page, "Refund", "waiting");
  await page.getByRole("tab", { name: "Data" }).click();
  await page.getByLabel("Comment").pressSequentially("We do not pay anything back in March.");
  await page.getByRole("button", { name: "Reject" }).click();
  await expectState(page, "Refund", "failed");
  await expectState(page, "AI agent", "succeeded");
  expect(server.asked[1]?.messages.at(-1)?.content).toContain("We do not pay anything back in March.");
  await expectAccessible(page);
  server.close();
});

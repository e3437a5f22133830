import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { besides, expectAccessible, logIn, unique } from "./support";

/** A server that speaks OpenAI's wire format and answers how many messages it was sent. */
async function counting() {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => {
      body += piece;
    });
    request.on("end", () => {
      const { messages } = JSON.parse(body) as { messages: unknown[] };
      const base = { id: "c", object: "chat.completion.chunk", created: 1, model: "counts" };
      const choices = [{ index: 0, delta: { content: `I was sent ${messages.length}.` }, finish_reason: "stop" }];
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(`data: ${JSON.stringify({ ...base, choices })}\n\ndata: [DONE]\n\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, close: () => server.close() };
}

test("what a model remembers of a talk is found, read and deleted", async ({ page, request }) => {
  test.setTimeout(90_000);
  const server = await counting();
  const api = await besides(request);
  const data = { apiKey: "k", baseUrl: server.url };
  const credential = await api("/api/credentials", { name: unique("Counts"), type: "openai", data });
  const [key, other] = [unique("customer-1042"), unique("customer-1043")];
  const params = {
    credential: credential.id,
    model: "counts",
    prompt: "{{ $json.text }}",
    memory: true,
    sessionKey: "{{ $json.customer }}",
  };
  const place = { x: 0, y: 0 };
  const name = unique("Support");
  const workflow = await api("/api/workflows", {
    schema: 1,
    name,
    nodes: [
      { id: "start", type: "manual_trigger", version: 1, name: "Start", params: {}, position: place },
      { id: "ask", type: "language_model", version: 1, name: "Ask", params, position: { x: 320, y: 0 } },
    ],
    edges: [{ id: "e", source: "start", sourcePort: "main", target: "ask", targetPort: "main" }],
  });
  await logIn(page);
  const items = ["Where is my parcel?", "And my money?"].map((text) => ({ json: { text, customer: key } }));
  items.push({ json: { text: "Hello", customer: other } });
  const { executionId } = await api(`/api/workflows/${workflow.id}/run`, { mode: "draft", items });
  await page.goto(`/executions/${executionId}?node=ask`);
  await expect(page.getByTestId("run-status")).toHaveText("Succeeded", { timeout: 30_000 });

  await page.goto("/data");
  await page.getByRole("link", { name: /Talks that models remember/ }).press("Enter");
  await expect(page.getByRole("heading", { name: "Memory", level: 1 })).toBeVisible();
  const search = page.getByRole("searchbox");
  await search.fill(key);
  await expect(page.getByRole("link", { name: other })).toBeHidden();
  const row = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: key }) });
  await expect(row).toContainText("4 messages");
  await expect(row).toContainText("I was sent 3.");
  await expect(row).toContainText(name);
  await expectAccessible(page);

  await page.getByRole("link", { name: key }).press("Enter");
  await expect(page.getByRole("heading", { name: key, level: 1 })).toBeVisible();
  await expect(page.getByRole("listitem")).toContainText([
    "Where is my parcel?",
    "I was sent 1.",
    "And my money?",
    "I was sent 3.",
  ]);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Delete this talk" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Memory", level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: other })).toBeVisible();
  await expect(page.getByRole("link", { name: key })).toBeHidden();

  await page.getByRole("checkbox", { name: `Select the talk ${other}` }).press("Space");
  await page.getByRole("toolbar").getByRole("button", { name: "Delete" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).press("Enter");
  await expect(page.getByRole("link", { name: other })).toBeHidden();
  server.close();
});

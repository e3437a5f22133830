import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { besides, expectAccessible, expectSaved, logIn, unique } from "./support";

/** A server that speaks OpenAI's wire format; each answer uses 1,000 tokens. */
async function answering() {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    request.resume();
    const base = { id: "c", object: "chat.completion.chunk", created: 1, model: "small" };
    const said = { ...base, choices: [{ index: 0, delta: { content: "yes" }, finish_reason: "stop" }] };
    const used = { ...base, choices: [], usage: { prompt_tokens: 900, completion_tokens: 100, total_tokens: 1000 } };
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(`data: ${JSON.stringify(said)}\n\ndata: ${JSON.stringify(used)}\n\ndata: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, asked: () => asked, close: () => server.close() };
}

test("a budget that is set stops the next request, says so, and what is spent is seen everywhere", async ({
  page,
  request,
}) => {
  test.setTimeout(120_000);
  const server = await answering();
  const api = await besides(request);
  const data = { apiKey: "k", baseUrl: server.url };
  const credential = await api("/api/credentials", { name: unique("Answers"), type: "openai", data });
  const params = { credential: credential.id, model: "small", prompt: "Hello", concurrency: 1 };
  const place = { x: 0, y: 0 };
  const name = unique("Spends");
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
  await page.goto(`/workflows/${workflow.id}`);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Workflow settings" }).click();
  await page.getByLabel("Tokens per execution").fill("1500");
  await page.getByLabel("USD per month").pressSequentially("0.05");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expectSaved(page);
  const saved = (await api(`/api/workflows/${workflow.id}`)) as { document: { settings: { budget: object } } };
  expect(saved.document.settings.budget).toEqual({ executionTokens: 1500, monthMoney: 0.05 });

  const items = [{ json: {} }, { json: {} }, { json: {} }];
  const { executionId } = await api(`/api/workflows/${workflow.id}/run`, { mode: "draft", items });
  await page.goto(`/executions/${executionId}?node=ask`);
  await expect(page.getByTestId("run-status")).toHaveText("Failed", { timeout: 30_000 });
  await expect(page.getByText("The execution's budget is spent: 2,000 of 1,500 tokens.").first()).toBeVisible();
  await expect(page.getByText(/small: 1,800 tokens in, 200 out/).first()).toBeVisible();
  expect(server.asked()).toBe(2);

  await page.goto("/executions");
  await expect(page.getByRole("listitem").filter({ hasText: name })).toContainText("2,000 tokens");
  await page.goto("/workflows");
  await page.getByRole("searchbox").fill(name);
  await expect(page.getByRole("listitem").filter({ hasText: name })).toContainText("2,000 tokens");

  await page.goto("/settings");
  const card = page.getByRole("region", { name: "Language models" });
  await expect(card.getByRole("listitem").filter({ hasText: name })).toContainText("0 of 0.05 USD");
  await card.getByLabel("Most tokens per month").fill("2000");
  await card.getByRole("button", { name: "Save" }).press("Enter");
  await expect(card.getByText("The budget is spent", { exact: false })).toBeVisible();
  await expectAccessible(page);
  await card.getByLabel("Most tokens per month").fill("");
  await card.getByRole("button", { name: "Save" }).press("Enter");
  await expect(card.getByText("The budget is spent", { exact: false })).toBeHidden();
  server.close();
});

import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { besides, expectAccessible, logIn, unique } from "./support";

/** A server whose answer comes bit by bit: what the test writes, when it writes it. */
async function streaming() {
  let answer: (response: ServerResponse) => void;
  const answered = new Promise<ServerResponse>((resolve) => {
    answer = resolve;
  });
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, answered, close: () => server.close() };
}

test("what comes bit by bit is shown until the result is there, and what was used stays", async ({ page, request }) => {
  const server = await streaming();
  const api = await besides(request);
  const place = { x: 0, y: 0 };
  const workflow = await api("/api/workflows", {
    schema: 1,
    name: unique("Streams"),
    nodes: [
      { id: "start", type: "manual_trigger", version: 1, name: "Start", params: {}, position: place },
      {
        id: "ask",
        type: "http_request",
        version: 1,
        name: "Ask",
        params: { url: server.url },
        position: { x: 320, y: 0 },
      },
    ],
    edges: [{ id: "e", source: "start", sourcePort: "main", target: "ask", targetPort: "main" }],
  });
  await logIn(page);
  const { executionId } = await api(`/api/workflows/${workflow.id}/run`, { mode: "draft", items: [{ json: {} }] });
  await page.goto(`/executions/${executionId}?node=ask`);
  const response = await server.answered;
  // The page shows what comes from when it has begun to watch.
  const panel = page.getByRole("region", { name: "Ask" });
  await expect(panel.getByText("Running")).toBeVisible();
  response.write("data: <b>first</b> words\n\n");

  const coming = page.getByRole("region", { name: "What has come so far" });
  await expect(coming).toContainText("data: <b>first</b> words");
  response.write("data: second words\n\n");
  await expect(coming).toContainText("second words");
  await expectAccessible(page);
  response.end("data: last words\n\n");

  await expect(page.getByTestId("run-status")).toHaveText("Succeeded");
  await expect(coming).toBeHidden();
  await expect(page.getByText("data: last words").first()).toBeVisible();

  await expect(panel.getByText("1 request")).toBeVisible();
  await page.getByRole("tab", { name: "Timeline" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: /^Logs/ })).toBeFocused();
  await page.keyboard.press("ArrowRight");
  const table = page.getByRole("table", { name: "Usage" });
  await expect(table.getByRole("row", { name: /The whole run/ })).toContainText("1 request");
  await table.getByRole("button", { name: "Ask" }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/node=ask/);
  await expectAccessible(page);
  server.close();
});

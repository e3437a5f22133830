import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { addAfter, expectAccessible, expectSaved, expectState, logIn, newWorkflow, unique } from "./support";

/** A server that speaks OpenAI's wire format: lists two models, and answers with what the test says, when it says it. */
async function models() {
  let coming: ServerResponse | undefined;
  const asked: { messages: { content: string }[] }[] = [];
  let began: () => void;
  const answering = new Promise<void>((resolve) => {
    began = resolve;
  });
  const server = createServer((request, response) => {
    if (request.method === "GET") {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ data: [{ id: "parrot-large" }, { id: "parrot-small" }] }));
      return;
    }
    let body = "";
    request.on("data", (piece) => {
      body += piece;
    });
    request.on("end", () => {
      asked.push(JSON.parse(body));
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      coming = response;
      began();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const chunk = (more: object) =>
    coming?.write(
      `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "parrot-small", ...more })}\n\n`,
    );
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    answering,
    say: (text: string) => chunk({ choices: [{ index: 0, delta: { content: text }, finish_reason: null }] }),
    end: () => {
      chunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
      chunk({ choices: [], usage: { prompt_tokens: 1234, completion_tokens: 56, total_tokens: 1290 } });
      coming?.end("data: [DONE]\n\n");
    },
    close: () => server.close(),
  };
}

test("an account is made at the node, a model chosen, and its answer read while it comes", async ({ page }) => {
  test.setTimeout(90_000);
  const server = await models();
  await logIn(page);
  await newWorkflow(page, unique("Asks a model"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await addAfter(page, "Run by hand", "language");

  // Other tests may have left accounts to this person: they are offered, and a new one can be made all the same.
  await page.getByRole("combobox", { name: "Account", exact: true }).click();
  await expect(
    page.getByRole("listbox").or(page.getByText("No credential of this kind yet. + makes one.")).first(),
  ).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "New credential" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New credential" });
  await dialog.getByRole("combobox", { name: "Type" }).click();
  await page.getByRole("option", { name: "OpenAI, or compatible" }).click();
  await dialog.getByLabel("Name").pressSequentially("Parrots of our own");
  await dialog.getByLabel("Base URL").fill("");
  await dialog.getByLabel("Base URL").pressSequentially(server.url);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Test", exact: true })).toBeFocused();
  await page.keyboard.press("Escape");

  const model = page.getByRole("combobox", { name: "Model", exact: true });
  await model.focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("option", { name: "parrot-small" })).toBeVisible();
  await page.keyboard.type("sma");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(model).toHaveValue("parrot-small");
  await page.getByRole("textbox", { name: "Prompt", exact: true }).click({ position: { x: 30, y: 60 } });
  await page.keyboard.type("Say good morning to Ada, kindly and in one sentence.");
  await expectSaved(page);
  await expectAccessible(page);

  await page.getByRole("button", { name: "Run", exact: true }).click();
  await server.answering;
  expect(server.asked[0]?.messages.at(-1)?.content).toBe("Say good morning to Ada, kindly and in one sentence.");
  server.say("Good morning, ");
  await page.getByRole("tab", { name: "Data" }).click();
  const coming = page.getByRole("region", { name: "What has come so far" });
  await expect(coming).toContainText("Good morning,");
  server.say("dear Ada!");
  await expect(coming).toContainText("Good morning, dear Ada!");
  server.end();
  await expectState(page, "Language model", "succeeded");
  await expect(page.getByRole("cell", { name: "Good morning, dear Ada!" })).toBeVisible();
  const used = page.getByText("parrot-small: 1,234 tokens in, 56 out · 1 answers of unknown price", { exact: false });
  await expect(used.first()).toBeVisible();
  await expectAccessible(page);
  server.close();
});

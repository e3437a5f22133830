import { expect, test } from "@playwright/test";
import {
  addAfter,
  card,
  expectAccessible,
  expectSaved,
  expectState,
  logIn,
  newWorkflow,
  unique,
  writeCode,
} from "./support";

test.beforeEach(async ({ page }) => logIn(page));

test("a workflow is built, run, broken, mended and seen live", async ({ page }) => {
  await newWorkflow(page, unique("Built by hand"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await writeCode(page, "Start with, code editor", '[{"n": 1}, {"n": 20}, {"n": 300}]');
  await addAfter(page, "Run by hand", "code");
  await writeCode(
    page,
    "JavaScript, code editor",
    "console.log('doubling');\nreturn $input.all().map((item) => ({ n: item.json.n * 2 }));",
  );
  await addAfter(page, "Code", "if");
  await page.getByRole("button", { name: "Add condition" }).click();
  await page.getByRole("textbox", { name: "Value", exact: true }).fill("{{ $json.n }}");
  await page.getByRole("combobox", { name: "Type" }).click();
  await page.getByRole("option", { name: "Number" }).click();
  await page.getByRole("combobox", { name: "Comparison" }).click();
  await page.getByRole("option", { name: "is greater than" }).click();
  await page.getByRole("textbox", { name: "Compare with" }).fill("10");
  await addAfter(page, "If, True", "no operation");
  await expectSaved(page);

  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expectState(page, "No operation", "succeeded");
  await expect(page.getByTestId("run-status")).toHaveText("Succeeded");
  await page.getByRole("tab", { name: "Logs" }).click();
  await expect(page.getByRole("log")).toContainText("doubling");
  await card(page, "If").click();
  await page.getByRole("tab", { name: "Data" }).click();
  await expect(page.getByRole("button", { name: "Port True" })).toContainText("2");
  await expect(page.getByRole("cell", { name: "600" })).toBeVisible();

  await card(page, "Code").click();
  await page.getByRole("tab", { name: "Parameters" }).click();
  await writeCode(page, "JavaScript, code editor", "throw new Error('broken on purpose');");
  await expectSaved(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expectState(page, "Code", "failed");
  await expectState(page, "If", "skipped");
  await page.getByRole("tab", { name: "Data" }).click();
  await expect(page.getByRole("alert").first()).toContainText("broken on purpose");
  await expectAccessible(page);
});

test("a missing parameter is shown on its node, in the list of issues and at its field, and blocks publishing", async ({
  page,
}) => {
  await newWorkflow(page, unique("Not ready"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await addAfter(page, "Run by hand", "http");
  await expect(card(page, "HTTP request").getByText(/issue/)).toBeAttached();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Issues/ }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /HTTP request/ })
    .click();
  await expect(page.getByRole("textbox", { name: "URL" })).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("Not published: the workflow has errors", { exact: true })).toBeVisible();
  await page.getByRole("textbox", { name: "URL" }).fill("http://127.0.0.1:8403/rates");
  await expect(page.getByRole("textbox", { name: "URL" })).not.toHaveAttribute("aria-invalid");
});

test("a node's new name is taken over by the expressions that refer to it, and undo takes it back", async ({
  page,
}) => {
  await newWorkflow(page, unique("Renaming"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await addAfter(page, "Run by hand", "code");
  await writeCode(page, "JavaScript, code editor", "return $('Run by hand').all();");
  await card(page, "Run by hand").click();
  await page.getByRole("textbox", { name: "Rename" }).fill("The start");
  await page.getByRole("textbox", { name: "Rename" }).press("Enter");
  await expect(card(page, "The start")).toBeVisible();
  await card(page, "Code").click();
  await expect(page.getByRole("textbox", { name: "JavaScript, code editor" })).toContainText("$('The start')");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(card(page, "Run by hand")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "JavaScript, code editor" })).toContainText("$('Run by hand')");
});

test("nodes are added by drag, copied, deleted and brought back", async ({ page }) => {
  await newWorkflow(page, unique("Moving about"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await page
    .getByRole("option", { name: /^Set fields/ })
    .dragTo(page.getByLabel("Workflow canvas").first(), { targetPosition: { x: 500, y: 560 } });
  await expect(card(page, "Set fields")).toBeVisible();
  await page.keyboard.press("ControlOrMeta+d");
  await expect(card(page, "Set fields 2")).toBeVisible();
  await page.keyboard.press("Delete");
  await expect(card(page, "Set fields 2")).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+z");
  await expect(card(page, "Set fields 2")).toBeVisible();
  await expectSaved(page);
  await page.reload();
  await expect(page.locator("[data-node]")).toHaveCount(3);
});

test("a workflow is published and answers at its webhook", async ({ page, request }) => {
  await newWorkflow(page, unique("Webhook"));
  await page.getByRole("button", { name: /^Webhook/ }).click();
  await page.getByRole("combobox", { name: "Answer" }).click();
  await page.getByRole("option", { name: "With a Respond to webhook node" }).click();
  await addAfter(page, "Webhook", "respond");
  await page.getByRole("combobox", { name: "Answer with" }).click();
  await page.getByRole("option", { name: "JSON", exact: true }).click();
  await writeCode(page, "JSON, code editor", '{"twice": "{{ $json.body.n * 2 }}"}');
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("Version 1 is live").first()).toBeVisible();
  await card(page, "Webhook").click();
  const answer = await request.post(String(await page.getByTestId("webhook-url").textContent()), { data: { n: 21 } });
  expect(answer.status()).toBe(200);
  expect(await answer.json()).toEqual({ twice: 42 });
});

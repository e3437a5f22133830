import { expect, test } from "@playwright/test";
import { addAfter, card, expectAccessible, expectSaved, expectState, register, unique, writeCode } from "./support";

test("a new person builds a workflow by drag and drop, breaks it, mends it, publishes it and calls it", async ({
  page,
  request,
}) => {
  test.setTimeout(120_000);
  const tag = unique("journey").replace(/\W/g, "");
  await register(page, "Journey", `Workspace ${tag}`, `${tag}@example.com`);
  await page.getByRole("link", { name: "Go to workflows" }).click();
  await page.getByRole("button", { name: "New workflow" }).first().click();

  // Five nodes: the first from the empty canvas, the second dragged from the palette, the others from ports.
  await page.getByRole("button", { name: /^Webhook/ }).click();
  await page.getByRole("combobox", { name: "Answer" }).click();
  await page.getByRole("option", { name: "With a Respond to webhook node" }).click();
  await addAfter(page, "Webhook", "set fields");
  await page.getByRole("button", { name: "Add to Fields" }).click();
  await page.getByRole("textbox", { name: "Field", exact: true }).fill("total");
  await addAfter(page, "Set fields", "code");
  await writeCode(
    page,
    "JavaScript, code editor",
    "return $input.all().map((item) => ({ total: item.json.total * 2 }));",
  );
  await addAfter(page, "Code", "if");
  await page.getByRole("button", { name: "Add condition" }).click();
  await page.getByRole("textbox", { name: "Value", exact: true }).fill("{{ $json.total }}");
  await page.getByRole("combobox", { name: "Type" }).click();
  await page.getByRole("option", { name: "Number" }).click();
  await page.getByRole("combobox", { name: "Comparison" }).click();
  await page.getByRole("option", { name: "is greater than" }).click();
  await page.getByRole("textbox", { name: "Compare with" }).fill("10");
  await addAfter(page, "If, True", "respond");
  await page.getByRole("combobox", { name: "Answer with" }).click();
  await page.getByRole("option", { name: "First item" }).click();
  await page.keyboard.press("Escape");
  await page
    .getByRole("option", { name: /^No operation/ })
    .dragTo(page.getByLabel("Workflow canvas").first(), { targetPosition: { x: 300, y: 620 } });
  await expect(page.locator("[data-node]")).toHaveCount(6);
  await expectSaved(page);

  // A first run brings data; a field of it is dragged into the parameter.
  await page.getByRole("button", { name: "More ways to run" }).click();
  await page.getByRole("menuitem", { name: "Run with items" }).click();
  const items = page.getByRole("dialog", { name: "Run with items" });
  await items.getByRole("textbox").first().click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText('[{"body": {"amount": 21}}]');
  await items.getByRole("button", { name: "Run", exact: true }).click();
  await expectState(page, "Code", "succeeded");
  await card(page, "Set fields").dblclick();
  const dialog = page.getByRole("dialog", { name: "Set fields" });
  const value = dialog.locator("[data-field='params.assignments.0.value']");
  await dialog.getByRole("button", { name: /amount/ }).dragTo(value);
  await expect(value).toContainText("$json.body.amount");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);

  // Broken: the error is on the node, with what to do.
  await card(page, "Code").click();
  await writeCode(page, "JavaScript, code editor", "throw new Error('broken on purpose');");
  await expectSaved(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expectState(page, "Code", "failed");
  await expectState(page, "Set fields", "succeeded");
  await expectAccessible(page);

  // Mended, and gone on from there.
  await writeCode(
    page,
    "JavaScript, code editor",
    "return $input.all().map((item) => ({ total: item.json.total * 2 }));",
  );
  await expectSaved(page);
  await page.getByRole("button", { name: "Retry from failed node" }).click();
  await expectState(page, "Respond to webhook", "succeeded");

  // Live: a call is answered, and its run is there to see.
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("Version 1 is live").first()).toBeVisible();
  await card(page, "Webhook").click();
  await page.getByRole("tab", { name: "Parameters" }).click();
  const url = String(await page.getByTestId("webhook-url").textContent());
  await page.goto("/executions");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const runs = page.getByRole("main").getByRole("listitem");
  await expect(runs).toHaveCount(3); // the three by hand: only then is the list there to be counted
  const answer = await request.post(url, { data: { amount: 30 } });
  expect(await answer.json()).toEqual({ total: 60 });
  await expect(runs).toHaveCount(4);
  await expect(runs.first()).toContainText("Webhook");
});

import { expect, type Page, test } from "@playwright/test";
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

async function withData(page: Page): Promise<void> {
  await newWorkflow(page, unique("Inspector"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await writeCode(
    page,
    "Start with, code editor",
    '[{"customer": {"first name": "Ada"}, "total": 20}, {"customer": {"first name": "Grace"}, "total": 300}]',
  );
  await addAfter(page, "Run by hand", "no operation");
  await addAfter(page, "No operation", "set fields");
  await page.getByRole("button", { name: "Add to Fields" }).click();
  await page.getByRole("textbox", { name: "Field", exact: true }).fill("greeting");
  await expectSaved(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expectState(page, "Set fields", "succeeded");
}

test("a field is dragged from the input into a parameter, previewed, and gives the same when run", async ({ page }) => {
  await withData(page);
  await card(page, "Set fields").dblclick();
  const dialog = page.getByRole("dialog", { name: "Set fields" });
  const value = dialog.locator("[data-field='params.assignments.0.value']");
  await dialog.getByRole("button", { name: /first name/ }).dragTo(value);
  await expect(value).toContainText('$json.customer["first name"]');

  // Written on: the preview is the engine's, for each item.
  await value.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.insertText("Dear ");
  await expect(value.getByRole("status", { name: "Result" })).toHaveText("Dear Ada");
  await value.getByRole("button", { name: "Next item" }).click();
  await expect(value.getByRole("status", { name: "Result" })).toHaveText("Dear Grace");
  await expectAccessible(page);

  // What is wrong is said where it is written.
  await value.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.insertText(" {{ $json.nothing.there }}");
  await expect(value.getByRole("status", { name: "Result" })).toContainText("$json.nothing is undefined");
  await expect(value.locator(".cm-wrong")).toHaveText("$json.nothing.there");
  await page.keyboard.press("ControlOrMeta+z");
  await expect(value.getByRole("status", { name: "Result" })).toHaveText("Dear Grace");

  // What the last run gave is offered, with its values.
  await value.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type(" {{ $json.tot");
  await expect(page.getByRole("option", { name: /total/ })).toContainText("20");
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+z");
  await expect(value.getByRole("status", { name: "Result" })).toHaveText("Dear Grace");

  await dialog.getByRole("button", { name: "Run this node" }).click();
  await expect(dialog.getByRole("cell", { name: "Dear Grace" })).toBeVisible();
});

test("a field is chosen by keyboard, from a node further back", async ({ page }) => {
  await withData(page);
  await page.locator(".react-flow__node", { has: card(page, "Set fields") }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Set fields" });
  await dialog.getByRole("combobox", { name: "Data of" }).click();
  await page.getByRole("option", { name: "Run by hand" }).click();
  const value = dialog.locator("[data-field='params.assignments.0.value']");
  await value.getByRole("textbox").first().focus();
  await dialog.getByRole("button", { name: /total into Value/ }).focus();
  await page.keyboard.press("Enter");
  await expect(value).toContainText("$('Run by hand').item.json.total");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expectSaved(page);
});

test("errors are marked where they are, and what data has is offered as deep as it goes", async ({ page }) => {
  await withData(page);
  await card(page, "Set fields").dblclick();
  const dialog = page.getByRole("dialog", { name: "Set fields" });
  const value = dialog.locator("[data-field='params.assignments.0.value']");
  await dialog
    .getByRole("region", { name: "Input" })
    .getByRole("button", { name: "JSON", exact: true })
    .first()
    .click();
  await dialog.getByText('"first name"', { exact: true }).first().dragTo(value);
  await expect(value).toContainText('$json.customer["first name"]');

  const write = async (text: string) => {
    await value.locator(".cm-content").click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(text);
  };
  // Behind characters that count twice in a browser.
  await write("😀 {{ 1 }} {{ [1].map((n) => nope.x) }}");
  await expect(value.getByRole("status", { name: "Result" })).toContainText("nope is not defined");
  await expect(value.locator(".cm-wrong")).toHaveText("nope.x");
  await write("{{ 1 + * 2 }}");
  await expect(value.locator(".cm-wrong")).toHaveText("*");
  // Also when nobody writes there any more, by what is known without data.
  await dialog.getByRole("tab", { name: "Settings" }).click();
  await dialog.getByRole("tab", { name: "Parameters" }).click();
  await expect(value.locator(".cm-wrong")).toHaveText("*");

  await write("{{ ");
  await page.keyboard.type("$json.customer.");
  await page.getByRole("option", { name: /first name/ }).click();
  await expect(value).toContainText('$json.customer["first name"]');
  await page.keyboard.type(".toUp");
  await page.getByRole("option", { name: "toUpperCase()" }).click();
  await page.keyboard.type(" }}");
  await expect(value.locator(".cm-content")).toHaveText('{{ $json.customer["first name"].toUpperCase() }}');
  await expect(value.getByRole("status", { name: "Result" })).toHaveText("ADA");

  await write("{{ ");
  await page.keyboard.type("$('Run by hand').item.json.customer.");
  await expect(page.getByRole("option", { name: /first name/ })).toContainText("Ada");
  await page.keyboard.press("Escape");
});

test("on a narrow screen input, parameters and output take turns", async ({ page }) => {
  await withData(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("button", { name: "Open side by side" }).click();
  const dialog = page.getByRole("dialog").filter({ has: page.getByRole("tab", { name: "Output" }) });
  await dialog.getByRole("tab", { name: "Input" }).click();
  await expect(dialog.getByRole("button", { name: /first name/ })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("ArrowRight");
  await expect(dialog.getByRole("textbox", { name: "Field", exact: true })).toBeVisible();
  await dialog.getByRole("tab", { name: "Output" }).click();
  await expect(dialog.getByText("greeting").first()).toBeVisible();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wide).toBe(false);
});

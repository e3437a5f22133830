import { expect, type Locator, type Page, test } from "@playwright/test";
import { addAfter, besides, card, expectSaved, expectState, logIn, newWorkflow, unique, writeCode } from "./support";

test.beforeEach(async ({ page }) => logIn(page));

const text = (field: Locator): Promise<string> =>
  field.evaluate((element) => [...element.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n"));

/** The middle of an element, on the page. */
async function middle(of: Locator): Promise<{ x: number; y: number }> {
  const box = await of.boundingBox();
  if (!box) throw new Error("It is not on the page.");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function dragOver(page: Page, from: Locator, to: Locator): Promise<void> {
  const [start, end] = [await middle(from), await middle(to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 8, start.y + 8, { steps: 3 });
  await page.mouse.move(end.x, end.y, { steps: 8 });
  await page.mouse.move(end.x + 1, end.y);
}

test("a field that is dragged into a condition is outlined there, and comes with its braces", async ({ page }) => {
  await newWorkflow(page, unique("Dragged"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await writeCode(page, "Start with, code editor", '[{"name": "Ada", "total": 20}]');
  await addAfter(page, "Run by hand", "no operation");
  await addAfter(page, "No operation", "if");
  await page.getByRole("button", { name: "Add condition" }).click();
  await expectSaved(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expectState(page, "No operation", "succeeded");

  await card(page, "If").dblclick();
  const dialog = page.getByRole("dialog", { name: "If" });
  const left = dialog.getByRole("group", { name: "Condition 1" }).getByRole("textbox", { name: "Value", exact: true });
  await dragOver(page, dialog.getByRole("button", { name: /total/ }), left);
  const target = dialog.locator("[data-over]");
  await expect(target).toHaveCount(1);
  await expect(target).toHaveCSS("outline-style", "dashed");
  await page.mouse.up();
  await expect(target).toHaveCount(0);
  expect(await text(left)).toBe("{{ $json.total }}");
});

test("a connection begins anywhere on a free output port", async ({ page }) => {
  await newWorkflow(page, unique("Ports"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  const port = card(page, "Run by hand").locator(".react-flow__handle.source");
  for (const right of [2, 5]) {
    const { x, y } = await middle(port);
    await page.mouse.move(x + right, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y + 60, { steps: 5 });
    await expect(page.locator(".react-flow__connection")).toHaveCount(1);
    await page.keyboard.press("Escape");
    await page.mouse.move(x, y, { steps: 3 });
    await page.mouse.up();
    await page.keyboard.press("Escape");
  }
});

test("the editor tells how far the draft is from what is live", async ({ page }) => {
  await newWorkflow(page, unique("Live"));
  await page.getByRole("button", { name: /^Webhook/ }).click();
  await page.getByRole("textbox", { name: "Path" }).click();
  await page.keyboard.type(unique("live").replaceAll(" ", "-"));
  await expectSaved(page);
  await expect(page.getByText("Never published")).toBeVisible();
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("Live · v1")).toBeVisible();
  await addAfter(page, "Webhook", "no operation");
  await expect(page.getByText(/^\d+ changes? not live$/)).toBeVisible();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(card(page, "No operation")).toHaveCount(0);
  await expect(page.getByText(/not live$/)).toHaveCount(0);
});

test("a credential's secret is replaced and never shown", async ({ page, request }) => {
  const name = unique("Header");
  const ask = await besides(request);
  await ask("/api/credentials", { name, type: "http_header", data: { name: "X-Key", value: "old-secret" } });
  await page.goto("/credentials");
  await page.getByRole("button", { name: `Edit ${name}` }).click();
  const dialog = page.getByRole("dialog");
  const secret = dialog.locator("input[type=password]");
  await expect(secret).toHaveValue("");
  expect(await page.content()).not.toContain("old-secret");
  await secret.click();
  await page.keyboard.type("new secret, typed at once");
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText(`Saved “${name}”.`, { exact: false }).first()).toBeVisible();
});

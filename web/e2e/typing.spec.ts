import { expect, type Locator, type Page, test } from "@playwright/test";
import { addAfter, card, expectSaved, logIn, newWorkflow, unique, writeCode } from "./support";

test.beforeEach(async ({ page }) => logIn(page));

/** A workflow whose node gives data, and one of a type after it. */
async function withNode(page: Page, type: string, name: string): Promise<void> {
  await newWorkflow(page, unique("Typing"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await writeCode(page, "Start with, code editor", '[{"name": "Ada", "customer": {"first name": "Ada"}, "total": 20}]');
  await addAfter(page, "Run by hand", type);
  await expect(card(page, name)).toBeVisible();
}

const nodes = (page: Page): Locator => page.locator(".react-flow__node");
const text = (field: Locator): Promise<string> =>
  field.evaluate((element) => [...element.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n"));
const field = (page: Page, path: string): Locator => page.locator(`[data-field="params.${path}"]`);

test("a sentence with expressions arrives as it is typed, without pauses, in every kind of field", async ({ page }) => {
  await withNode(page, "http request", "HTTP request");
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is an expression's.
  const call = "a {{ [1, (2)].map((n) => ({ n: `${n}` })).length }} b";
  const sentence = 'Hello {{ $json.name }} and {{ $json.customer["first name"].toUpperCase() }}!';
  const url = page.getByRole("textbox", { name: "URL" });
  await url.click();
  await page.keyboard.type(sentence);
  expect(await text(url)).toBe(sentence);
  await expect(url).toBeFocused();
  await expect(nodes(page)).toHaveCount(2);

  // Deleted back to text and on to nothing, the field keeps the focus, and the node is there.
  await page.keyboard.press("ControlOrMeta+Shift+Home");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("a{{ 1 }}");
  for (let pressed = 0; pressed < 12; pressed += 1) await page.keyboard.press("Backspace");
  expect(await text(url)).toBe("");
  await page.keyboard.type("https://x.dev/{{ $json.total }}");
  expect(await text(url)).toBe("https://x.dev/{{ $json.total }}");
  await expect(nodes(page)).toHaveCount(2);

  // Undo and redo are the field's.
  await page.keyboard.press("ControlOrMeta+z");
  await expect(nodes(page)).toHaveCount(2);
  await page.keyboard.press("ControlOrMeta+Shift+Z");
  expect(await text(url)).toBe("https://x.dev/{{ $json.total }}");

  await page.getByRole("button", { name: "Add to Query" }).click();
  const cell = page.getByRole("textbox", { name: /^Value, Query.* 1/ });
  await page.getByRole("textbox", { name: /^Name, Query.* 1/ }).click();
  await page.keyboard.type("q");
  await page.keyboard.press("Tab");
  await expect(cell).toBeFocused();
  await page.keyboard.type(call);
  expect(await text(cell)).toBe(call);
  await page.keyboard.press("Shift+Home");
  await page.keyboard.type("{{ {a: {b: 1}}.a }}");
  expect(await text(cell)).toBe("{{ {a: {b: 1}}.a }}");
  await expectSaved(page);
});

test("conditions take expressions, fixed text and what lies between", async ({ page }) => {
  await withNode(page, "if", "If");
  await page.getByRole("button", { name: "Add condition" }).click();
  const condition = page.getByRole("group", { name: "Condition 1" });
  const left = condition.getByRole("textbox", { name: "Value", exact: true });
  await left.click();
  await page.keyboard.type("{{ $json.name }}");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("it's {a} \"b\" (c {{ 'd' }}");
  expect(await text(left)).toBe("{{ $json.name }}");
  expect(await text(condition.getByRole("textbox", { name: "Compare with" }))).toBe("it's {a} \"b\" (c {{ 'd' }}");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Delete");
  await page.keyboard.press("Escape");
  await expect(nodes(page)).toHaveCount(2);
  await expect(condition.getByRole("textbox", { name: "Compare with" })).toBeFocused();
});

test("pasted lines come as one, and an input method composes undisturbed", async ({ page, context }) => {
  await withNode(page, "http request", "HTTP request");
  const url = page.getByRole("textbox", { name: "URL" });
  await url.click();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData("text/plain", "one\ntwo {{ $json.name }}\r\nthree");
    document.activeElement?.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
    );
  });
  expect(await text(url)).toBe("one two {{ $json.name }} three");
  await page.keyboard.press("ControlOrMeta+a");
  const client = await context.newCDPSession(page);
  for (const composed of ["n", "ni", "にh", "にほん"]) {
    await client.send("Input.imeSetComposition", {
      text: composed,
      selectionStart: composed.length,
      selectionEnd: composed.length,
    });
  }
  await client.send("Input.insertText", { text: "日本" });
  await page.keyboard.type(" {{ $json.name }}");
  expect(await text(url)).toBe("日本 {{ $json.name }}");
  await expect(url).toBeFocused();
});

test("a number becomes an expression by its switch or by a brace, and back, with the focus in it", async ({ page }) => {
  await withNode(page, "limit", "Limit");
  const limit = field(page, "count");
  await limit.getByRole("button", { name: /^Use an expression/ }).click();
  await page.keyboard.type(" + $json.total");
  expect(await text(limit)).toMatch(/^\{\{ \d+ \+ \$json\.total \}\}$/);
  await limit.getByRole("button", { name: /^Use a fixed value/ }).click();
  await expect(limit.getByRole("spinbutton")).toBeFocused();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Delete");
  await page.keyboard.type("{{ $json.total }}");
  expect(await text(limit)).toBe("{{ $json.total }}");
  for (let pressed = 0; pressed < 20; pressed += 1) await page.keyboard.press("Backspace");
  await page.keyboard.type("12");
  await expect(nodes(page)).toHaveCount(2);
  await page.keyboard.press("Tab");
  await expect(limit.getByRole("spinbutton")).toHaveValue("12");
});

test("keys act on the canvas only while it has the focus, and what they delete comes back", async ({ page }) => {
  await withNode(page, "set fields", "Set fields");
  await card(page, "Set fields").click();
  await page.getByRole("tab", { name: "Settings" }).click();
  await page.getByRole("switch").first().focus();
  await page.keyboard.press("Delete");
  await page.keyboard.press("n");
  // Nothing has the focus any more.
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press("Backspace");
  await page.keyboard.press("n");
  await page.keyboard.press("d");
  await expect(nodes(page)).toHaveCount(2);

  await card(page, "Set fields").click();
  await page.keyboard.press("Delete");
  await page.keyboard.press("ControlOrMeta+z");
  await expect(nodes(page)).toHaveCount(2);
  await card(page, "Set fields").click();
  await page.keyboard.press("Delete");
  await expect(nodes(page)).toHaveCount(1);
  await page
    .getByRole("region", { name: /Notifications/ })
    .getByRole("button", { name: "Undo" })
    .first()
    .click();
  await expect(nodes(page)).toHaveCount(2);
});

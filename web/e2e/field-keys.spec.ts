import { expect, type Page, test } from "@playwright/test";
import { besides, expectSaved, logIn, unique } from "./support";

type Params = Record<string, unknown>;

/** A workflow of nodes with these types and parameters, opened at the first of them. */
async function opened(page: Page, nodes: Record<string, Params>) {
  await logIn(page);
  const call = await besides(page.request);
  const made = await call("/api/workflows", {
    schema: 1,
    name: unique("Keys"),
    nodes: Object.entries(nodes).map(([type, params], index) => ({
      ...{ id: type, type, version: 1, name: type, params },
      position: { x: index * 320, y: 0 },
    })),
    edges: [],
  });
  const goTo = (type: string) => page.goto(`/workflows/${String(made.id)}?node=${type}`);
  await goTo(Object.keys(nodes)[0] ?? "");
  const saved = async (type: string): Promise<Params> => {
    await expectSaved(page);
    const { document } = (await call(`/api/workflows/${String(made.id)}`)) as {
      document: { nodes: { id: string; params: Params }[] };
    };
    return document.nodes.find(({ id }) => id === type)?.params ?? {};
  };
  return { goTo, saved };
}

test("numbers are what is typed: nought, negative, broken off and cleared", async ({ page }) => {
  const { saved } = await opened(page, { numbers: { operation: "round", number: "1", decimals: 2 } });
  const decimals = page.getByRole("spinbutton", { name: "Decimals" });
  await decimals.click();
  for (const [keys, shown, value] of [
    ["0", "0", 0],
    ["-3", "-3", -3],
    ["12", "12", 12],
  ] as const) {
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(keys);
    await expect(decimals).toHaveValue(shown);
    expect((await saved("numbers")).decimals).toBe(value);
  }
  // No number: while it is typed it stays, once it is left it is not shown as if it were one.
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("5e");
  await page.keyboard.press("Tab");
  const seen = await decimals.evaluate((input: HTMLInputElement) => [input.validity.badInput, input.value]);
  expect(seen).toEqual([false, "2"]);
  await expectSaved(page);
});

test("rows keep what is theirs when they move, and the focus stays with who has only keys", async ({ page }) => {
  const rows = ["a", "b"].map((name) => ({ name, value: `{{ $json.${name} }}`, type: "text" }));
  const { saved } = await opened(page, { set_fields: { assignments: rows } });
  await page.getByRole("button", { name: "Move row 1 down" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Move row 2 up" })).toBeFocused();
  await page.getByRole("button", { name: "Add to Fields" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.type("名前 😀");
  await page.keyboard.press("Tab");
  // The switch of the value, then the value.
  await page.keyboard.press("Tab");
  await page.keyboard.type("1 {{ $json.x");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("group", { name: "Fields 3" }).locator(".cm-content").last()).toContainText("$json.x");
  const { assignments } = await saved("set_fields");
  expect(assignments).toMatchObject([{ name: "b" }, { name: "a", value: "{{ $json.a }}" }, { name: "名前 😀" }]);
  await page.getByRole("button", { name: "Remove row 1" }).focus();
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Remove row 1" })).toBeFocused();
  expect(((await saved("set_fields")).assignments as Params[]).map(({ name }) => name)).toEqual(["a", "名前 😀"]);
});

test("undo in a field that nobody wrote in takes nothing away", async ({ page }) => {
  const value = "{{ $json.kept }}";
  const { goTo, saved } = await opened(page, {
    set_fields: { assignments: [{ name: "a", value, type: "text" }] },
    code: { code: "return items;" },
  });
  const text = page.locator("[data-field='params.assignments.0.value'] .cm-content");
  await text.click();
  for (let count = 0; count < 3; count += 1) await page.keyboard.press("ControlOrMeta+z");
  await expect(text).toHaveText(value);
  await goTo("code");
  const code = page.getByRole("textbox", { name: /code editor/ });
  await code.click();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(code).toContainText("return items;");
  expect(await saved("code")).toMatchObject({ code: "return items;" });
});

test("groups of conditions are made, filled in and taken away with keys", async ({ page }) => {
  const { saved } = await opened(page, { if: { conditions: [] } });
  await page.getByRole("button", { name: "Add group" }).focus();
  await page.keyboard.press("Enter");
  const group = page.getByRole("group", { name: "Group 1", exact: true });
  await group.getByRole("combobox", { name: /^Match/ }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const inner = group.getByRole("group", { name: "Condition 1 of Group 1" });
  await inner.getByRole("textbox").first().focus();
  await page.keyboard.type("{{ $json.total }}");
  await page.keyboard.press("Escape");
  await inner.getByRole("combobox", { name: "Type" }).focus();
  await page.keyboard.type("num");
  await expect(inner.getByRole("combobox", { name: "Type" })).toContainText("Number");
  await inner.getByRole("textbox").last().focus();
  await page.keyboard.type("-0.5");
  const { conditions } = await saved("if");
  expect(conditions).toMatchObject([
    { type: "group", combine: "or", conditions: [{ left: "{{ $json.total }}", type: "number", right: -0.5 }] },
  ]);
});

test("a time zone is chosen from the list that it is in, and JSON half typed is kept", async ({ page }) => {
  const { goTo, saved } = await opened(page, {
    date_time: { operation: "format", date: "2026-03-29T02:30:00", zone: "Europe/Berlin" },
    manual_trigger: {},
  });
  const zone = page.locator("[data-field='params.zone']").getByRole("combobox");
  await expect(zone).toHaveText("Europe/Berlin");
  await goTo("manual_trigger");
  const json = page.getByRole("textbox", { name: "Start with, code editor" });
  await json.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText('[{"a": 1, "__proto__": {"b": 2}');
  await page.keyboard.press("Tab");
  await expect(json).toContainText('[{"a": 1, "__proto__": {"b": 2}');
  await json.click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.insertText("}]");
  await expect(json).toContainText('{"b": 2}}]');
  const { items } = await saved("manual_trigger");
  expect(JSON.stringify(items)).toBe('[{"a":1,"__proto__":{"b":2}}]');
});

import { expect, test } from "@playwright/test";
import { besides, card, expectAccessible, expectState, logIn, unique } from "./support";

test("a run up to a node asks for what the trigger needs, as a whole run does", async ({ page, request }) => {
  await logIn(page);
  const call = await besides(request);
  const fields = [
    { name: "orderId", label: "Order", type: "number", required: true },
    { name: "size", label: "Size", type: "choice", options: "S\nM" },
    { name: "due", label: "Due", type: "date" },
    { name: "note", label: "Note", type: "json" },
    { name: "express", label: "Express", type: "boolean", default: "true" },
  ];
  const node = (id: string, type: string, params: object, x: number) => ({
    ...{ id, type, version: 1, name: id, params },
    position: { x, y: 0 },
  });
  const { id } = await call("/api/workflows", {
    schema: 1,
    name: unique("Asks"),
    nodes: [
      node("Start", "manual_trigger", { fields, confirm: "Ship it?" }, 0),
      node("Half", "no_op", {}, 320),
      node("End", "no_op", {}, 640),
    ],
    edges: [
      { id: "a", source: "Start", sourcePort: "main", target: "Half", targetPort: "main" },
      { id: "b", source: "Half", sourcePort: "main", target: "End", targetPort: "main" },
    ],
  });
  await page.goto(`/workflows/${String(id)}?node=Half`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Run up to here" }).click();
  const dialog = page.getByRole("dialog", { name: "Run up to Half" });
  await expect(dialog).toContainText("Ship it?");
  await dialog.getByRole("button", { name: "Run", exact: true }).click();
  const order = dialog.getByRole("textbox", { name: "Order" });
  await expect(order).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);

  // From the input of the next node, too; with keys alone.
  await page.goto(`/workflows/${String(id)}?node=End`);
  await page.getByRole("button", { name: "Open side by side" }).click();
  await page.getByRole("button", { name: "Run up to Half" }).press("Enter");
  await order.focus();
  await page.keyboard.type("0");
  await page.keyboard.press("Tab");
  await expect(dialog.getByRole("combobox", { name: "Size" })).toBeFocused();
  await page.keyboard.press("M");
  await dialog.getByLabel("Due").fill("2026-12-24");
  await dialog.getByRole("textbox", { name: "Note" }).fill('{"a": [1]}');
  await dialog.getByRole("switch", { name: "Express" }).press("Space");
  await dialog.getByRole("button", { name: "Run", exact: true }).click();
  await expectState(page, "Half", "succeeded");
  await expect(card(page, "End")).not.toHaveAttribute("data-state", "succeeded");
  const { items } = await call(`/api/executions?workflowId=${String(id)}`);
  const [execution] = items as { id: string }[];
  const given = await call(`/api/executions/${execution?.id}/items?nodeId=Half&direction=out&port=main`);
  expect(given.items).toEqual([
    { json: { orderId: 0, size: "M", due: "2026-12-24", note: { a: [1] }, express: false } },
  ]);
});

import { expect, test } from "@playwright/test";
import { besides, expectAccessible, expectSaved, expectState, logIn, unique } from "./support";

const node = (id: string, type: string, name: string, params: object, x: number) => ({
  id,
  type,
  version: 1,
  name,
  params,
  position: { x, y: 0 },
});

const edge = (source: string, target: string) => ({
  id: `${source}-${target}`,
  source,
  sourcePort: "main",
  target,
  targetPort: "main",
});

test("the fields of another workflow are filled in by typing, checked, and follow what is published", async ({
  page,
  request,
}) => {
  await logIn(page);
  const call = await besides(request);
  const name = unique("Price an order");
  const called = (fields: object[]) => ({
    schema: 1,
    name,
    nodes: [
      node("called", "workflow_trigger", "When called", { fields }, 0),
      node("total", "set_fields", "Total", { assignments: [{ name: "total", value: "{{ $json.count * 2 }}" }] }, 320),
    ],
    edges: [edge("called", "total")],
  });
  const count = { name: "count", type: "number", description: "How many" };
  const other = await call("/api/workflows", called([count, { name: "note", required: false }]));
  await call(`/api/workflows/${String(other.id)}/publish`, {});
  const caller = await call("/api/workflows", {
    schema: 1,
    name: unique("Calls it"),
    nodes: [
      node("start", "manual_trigger", "Start", { items: [{ n: 4 }] }, 0),
      node("ask", "execute_workflow", "Ask", { workflowId: other.id }, 320),
    ],
    edges: [edge("start", "ask")],
  });

  await page.goto(`/workflows/${String(caller.id)}?node=ask`);
  await page.getByRole("combobox", { name: "What it gets" }).click();
  await page.getByRole("option", { name: "The fields that it expects" }).click();
  const values = page.locator("[data-field='params.values']");
  const field = values.getByRole("textbox", { name: /^count, number, required: How many/ });
  await expect(field).toBeVisible();
  await expect(values).toContainText("expects the field 'count'");
  await expectAccessible(page);

  await field.click();
  await page.keyboard.type("soon");
  await expect(values.locator("[data-findings='params.values.0']")).toContainText("is a text, not of type number");
  await field.fill("");
  await page.keyboard.type("{{ $json.n");
  await expect(values.locator("[data-findings]")).toHaveCount(0);
  await expectSaved(page);
  await page.getByRole("button", { name: /^Run/ }).first().click();
  await expectState(page, "Ask", "succeeded");

  // Somebody publishes other fields meanwhile.
  const now = await call(`/api/workflows/${String(other.id)}`);
  const document = called([{ ...count, name: "amount" }]);
  await call(`/api/workflows/${String(other.id)}`, { document, revision: now.revision }, "PUT");
  await call(`/api/workflows/${String(other.id)}/publish`, {});
  await page.reload();
  await expect(values.getByRole("textbox", { name: /^amount, number/ })).toBeVisible();
  await expect(values).toContainText("expects no field 'count'");
  await expect(values).toContainText("expects the field 'amount'");
  await expectAccessible(page);
});

test("a finding within a rule stands at the rule", async ({ page, request }) => {
  await logIn(page);
  const call = await besides(request);
  const condition = { left: "{{ $json.n }}", type: "number", operator: "resembles", right: "1" };
  const made = await call("/api/workflows", {
    schema: 1,
    name: unique("Odd rule"),
    nodes: [
      node("start", "manual_trigger", "Start", {}, 0),
      node("if", "if", "Decide", { conditions: [condition, { ...condition, operator: "equals" }] }, 320),
    ],
    edges: [edge("start", "if")],
  });
  await page.goto(`/workflows/${String(made.id)}?node=if`);
  const words = page.locator("[data-findings='params.conditions.0']");
  await expect(words).toBeVisible();
  await expect(page.locator("[data-findings='params.conditions.1']")).toHaveCount(0);
  await expectAccessible(page);
  await page.locator("[data-field='params.conditions.0']").getByRole("combobox", { name: "Comparison" }).click();
  await page.getByRole("option", { name: "is", exact: true }).click();
  await expect(words).toHaveCount(0);
});

test("a step that waits for an execution of each item says how many, and leads to them", async ({ page, request }) => {
  await logIn(page);
  const call = await besides(request);
  const other = await call("/api/workflows", {
    schema: 1,
    name: unique("Takes an hour"),
    nodes: [
      node("called", "workflow_trigger", "When called", {}, 0),
      node("pause", "wait", "Pause", { amount: 1, unit: "hours" }, 320),
    ],
    edges: [edge("called", "pause")],
  });
  await call(`/api/workflows/${String(other.id)}/publish`, {});
  const caller = await call("/api/workflows", {
    schema: 1,
    name: unique("Calls it for each"),
    nodes: [
      node("start", "manual_trigger", "Start", { items: Array.from({ length: 30 }, (_, n) => ({ n })) }, 0),
      node("ask", "execute_workflow", "Ask", { workflowId: other.id, send: "each" }, 320),
    ],
    edges: [edge("start", "ask")],
  });
  const { executionId } = await call(`/api/workflows/${String(caller.id)}/run`, {});

  await page.goto(`/executions/${String(executionId)}?node=ask`);
  await expect(page.getByText("Waits for 30 executions of another workflow")).toBeVisible();
  await expect(page.getByText("and 20 more")).toBeVisible();
  await expectAccessible(page);
  const calls = page.getByRole("navigation", { name: "Called workflows" });
  expect((await calls.boundingBox())?.height).toBeLessThan(80);
  await page.getByRole("link", { name: "Item 9" }).click();
  await expect(page).not.toHaveURL(new RegExp(String(executionId)));
  await expect(page.getByRole("heading", { name: String(other.name) })).toBeVisible();
  await page.getByRole("link", { name: "Called by" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("Waits for 30 executions")).toHaveCount(0);
  const ended = calls.getByRole("link", { name: "Cancelled" });
  await expect(async () => {
    await page.reload();
    await expect(ended).toHaveCount(30, { timeout: 2000 });
  }).toPass();
});

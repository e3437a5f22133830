import { expect, test } from "@playwright/test";
import { besides, card, expectAccessible, expectState, logIn, unique, writeCode } from "./support";

const node = (id: string, type: string, params: object, x: number) => ({
  ...{ id, type, version: 1, name: id, params },
  position: { x, y: 0 },
});
const edge = (id: string, source: string, target: string) => ({
  ...{ id, source, target },
  sourcePort: "main",
  targetPort: "main",
});

test("a draft is debugged by keys: it stops, takes other items, steps, and runs on", async ({ page, request }) => {
  await logIn(page);
  const call = await besides(request);
  const { id } = await call("/api/workflows", {
    schema: 1,
    name: unique("Debugged"),
    nodes: [
      node("Start", "manual_trigger", { items: [{ total: 7 }] }, 0),
      node("Tax", "set_fields", { assignments: [{ name: "tax", value: "{{ $json.total * 0.2 }}" }] }, 320),
      node("Book", "no_op", {}, 640),
    ],
    edges: [edge("a", "Start", "Tax"), edge("b", "Tax", "Book")],
  });
  await page.goto(`/workflows/${String(id)}?node=Tax`);
  await expect(card(page, "Tax")).toBeVisible();

  await page.keyboard.press("F9");
  await expect(page.locator('[data-breakpoint="Tax"]')).toContainText("Breakpoint at Tax");
  await page.keyboard.press("F8");
  const dock = page.getByRole("region", { name: "Execution" });
  const tools = page.getByRole("toolbar", { name: "What the stop does next" });
  await expect(tools).toBeVisible();
  await expectState(page, "Tax", "stopped");
  await expect(page.getByRole("textbox", { name: "Items that go in" })).toContainText('"total": 7');
  await expectAccessible(page);

  await writeCode(page, "Items that go in", '[{ "total": ]');
  await expect(page.getByRole("alert").filter({ hasText: "These are no items." })).toBeVisible();
  await expect(tools.getByRole("button", { name: "Run on" })).toBeDisabled();
  await page.keyboard.press("F8"); // from within the items, which are none: they are not left out
  await expect(page.getByText("Mend it, or take it back.").first()).toBeVisible();
  await expectState(page, "Tax", "stopped");
  await writeCode(page, "Items that go in", '[{ "total": 50 }]');
  await expect(page.getByText("Changed", { exact: true })).toBeVisible();
  await page.getByRole("textbox", { name: "Expression" }).fill("$json.total * 2");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status", { name: "Gives" })).toHaveText("100");

  await page.keyboard.press("F10");
  await expectState(page, "Book", "stopped");
  await expect(page.getByRole("textbox", { name: "Items that go in" })).toContainText('"tax": 10');
  await tools.getByRole("button", { name: "Skip" }).click();
  await expectState(page, "Book", "succeeded"); // its items went past it, which its mark says
  await expect(card(page, "Book")).toContainText("Skipped");
  await expect(page.getByText("The debug run has ended.")).toBeVisible();
  await expect(dock).toHaveCount(1);
});

test("breakpoints are listed with their conditions, and stay where they were set", async ({ page, request }) => {
  await logIn(page);
  const call = await besides(request);
  const { id } = await call("/api/workflows", {
    schema: 1,
    name: unique("Breakpoints"),
    nodes: [node("Start", "manual_trigger", {}, 0), node("One", "no_op", {}, 320), node("Two", "no_op", {}, 640)],
    edges: [edge("a", "Start", "One"), edge("b", "One", "Two")],
  });
  await page.goto(`/workflows/${String(id)}?node=One`);
  await expect(card(page, "One")).toBeVisible();
  await page.keyboard.press("F9");
  await expect(page.locator('[data-breakpoint="One"]')).toBeVisible();
  await page.getByRole("button", { name: "More ways to run" }).click();
  await page.getByRole("menuitem", { name: "Breakpoints…" }).click();
  const dialog = page.getByRole("dialog", { name: "Breakpoints" });
  await dialog.getByRole("textbox", { name: "Condition of the breakpoint at One" }).fill("$json.n > 3");
  await expectAccessible(page);
  await dialog.getByRole("textbox", { name: "A stop waits for (minutes)" }).fill("0");
  await expect(dialog.getByText("A whole number from 1 to 1440.")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Debug", exact: true })).toBeDisabled();
  await dialog.getByRole("textbox", { name: "A stop waits for (minutes)" }).fill("5");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);

  await page.reload();
  await expect(page.locator('[data-breakpoint="One"]')).toContainText("$json.n > 3");
});

test("a production failure is debugged in the editor with its data, across reloads and on its page", async ({
  page,
  request,
}) => {
  await logIn(page);
  const call = await besides(request);
  const pinned = { main: [{ json: { total: 1, pinned: true } }] };
  const document = {
    schema: 1,
    name: unique("Failed"),
    nodes: [
      node("Start", "manual_trigger", { items: [{ total: 7 }] }, 0),
      {
        ...node("Tax", "set_fields", { assignments: [{ name: "tax", value: "{{ $json.total * 0.2 }}" }] }, 320),
        pinned,
      },
      node("Check", "stop_and_error", { message: "Too much tax: {{ $json.tax }}" }, 640),
    ],
    edges: [edge("a", "Start", "Tax"), edge("b", "Tax", "Check")],
  };
  const { id } = await call("/api/workflows", document);
  await call(`/api/workflows/${String(id)}/publish`, {});
  const { executionId } = await call(`/api/workflows/${String(id)}/run`, {
    mode: "live",
    items: [{ json: { total: 50 } }],
  });
  await page.goto(`/executions/${String(executionId)}`);
  await expect(page.getByTestId("run-status")).toContainText("Failed");
  await page.getByRole("button", { name: "Run actions" }).click();
  await page.getByRole("menuitem", { name: "Debug in editor" }).click();

  const dialog = page.getByRole("dialog", { name: "Debug with this execution's data" });
  await expect(dialog.getByRole("combobox", { name: "Start at" })).toContainText("Check");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Debug", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  const items = page.getByRole("textbox", { name: "Items that go in" });
  await expect(items).toContainText('"total": 50');
  await expect(items).toContainText('"tax": 10');

  await page.reload();
  await expect(page.getByRole("textbox", { name: "Items that go in" })).toContainText('"tax": 10');
  await expectState(page, "Check", "stopped");
  await page.getByRole("link", { name: "Open as page" }).click();
  await expect(page.getByRole("heading", { name: document.name })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Items that go in" })).toContainText('"tax": 10');
  await expectAccessible(page);
  await page.keyboard.press("F10");
  await expect(page.getByText("Too much tax: 10").first()).toBeVisible();
  const tools = page.getByRole("toolbar", { name: "What the stop does next" });
  await expect(tools.getByRole("button", { name: "Try again" })).toBeVisible();
  await tools.getByRole("button", { name: "Skip" }).click();
  await expect(page.getByTestId("run-status")).toContainText("Succeeded");
  await expect(page.getByRole("tab", { name: "Debugger" })).toHaveCount(0);
});

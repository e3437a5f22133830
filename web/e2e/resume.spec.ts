import { expect, test } from "@playwright/test";
import {
  addAfter,
  card,
  expectAccessible,
  expectSaved,
  expectState,
  logIn,
  newWorkflow,
  USER,
  unique,
  writeCode,
} from "./support";

test.beforeEach(async ({ page }) => logIn(page));

test("a failed run goes on from the node that failed, with what came before it", async ({ page }) => {
  await newWorkflow(page, unique("Fix and resume"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await writeCode(page, "Start with, code editor", '[{"n": 1}, {"n": 2}]');
  await addAfter(page, "Run by hand", "code");
  await writeCode(
    page,
    "JavaScript, code editor",
    "return $input.all().map((item) => ({ at: Date.now() + Math.random() }));",
  );
  await addAfter(page, "Code", "code");
  await writeCode(page, "JavaScript, code editor", "throw new Error('not yet');");
  await expectSaved(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expectState(page, "Code 2", "failed");

  // Mended: what is before it is not run again, and is still the same.
  await writeCode(
    page,
    "JavaScript, code editor",
    "return $('Run by hand').all().map((item) => ({ twice: item.json.n * 2 }));",
  );
  await expectSaved(page);
  await page.getByRole("button", { name: "Retry from failed node" }).click();
  await expectState(page, "Code 2", "succeeded");
  await expect(card(page, "Code")).toContainText("From an earlier run");
  await page.getByRole("tab", { name: "Data" }).click();
  await expect(page.getByRole("cell", { name: "4", exact: true })).toBeVisible();
  await card(page, "Code").click();
  await page.getByRole("tab", { name: "Data" }).click();
  await expect(page.getByText("its output is that of an earlier run")).toBeVisible();
  await expectAccessible(page);

  // From the page of the run, too.
  await page.getByRole("link", { name: "Open that run" }).click();
  await expect(page.getByText("not yet").first()).toBeVisible();
  await page.getByRole("button", { name: "Retry from failed node" }).click();
  const dialog = page.getByRole("dialog", { name: "Retry from a node" });
  await expect(dialog.getByRole("combobox", { name: "Start at" })).toHaveText("Code 2");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByTestId("run-status")).toHaveText("Succeeded");
  await page.getByRole("button", { name: "Run again" }).click();
  await expectState(page, "Code", "succeeded");
  await expect(card(page, "Code")).not.toContainText("From an earlier run");
});

test("an output is pinned, taken instead of running, edited and let go", async ({ page }) => {
  await newWorkflow(page, unique("Pinned"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await addAfter(page, "Run by hand", "code");
  await writeCode(page, "JavaScript, code editor", "return [{ from: 'the node' }];");
  await addAfter(page, "Code", "no operation");
  await expectSaved(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expectState(page, "No operation", "succeeded");
  await card(page, "Code").click();
  await page.getByRole("tab", { name: "Data" }).click();
  await page.getByRole("button", { name: "Pin output" }).click();
  await expect(page.getByText("Pinned: 1 item")).toBeVisible();
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await writeCode(page, "Items of Main", '[{"from": "the pin"}, {"from": "the second"}]');
  await page.getByRole("dialog").getByRole("button", { name: "Pin output" }).click();
  await expect(page.getByText("Pinned: 2 items")).toBeVisible();

  // By keyboard: the menu of the node that has the focus.
  await card(page, "No operation").click();
  await page.locator(".react-flow__node", { has: card(page, "No operation") }).focus();
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menuitem", { name: "Run up to here" }).click();
  await expect(card(page, "Code")).toContainText("Pinned data");
  await expectState(page, "No operation", "succeeded");
  await page.getByRole("tab", { name: "Data" }).click();
  await expect(page.getByRole("cell", { name: "the second" })).toBeVisible();

  await card(page, "Code").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Unpin" }).click();
  await expectSaved(page);
  await card(page, "Code").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Run this node" }).click();
  await expect(card(page, "Code")).not.toContainText("Pinned data");
  await expectState(page, "Code", "succeeded");
  await page.getByRole("tab", { name: "Data" }).click();
  await expect(page.getByRole("cell", { name: "the node" })).toBeVisible();
});

test("each attempt of a node that was retried shows why it failed", async ({ page }) => {
  const session = await page.request.post("/api/auth/login", { data: USER });
  const { accessToken } = (await session.json()) as { accessToken: string };
  const headers = { Authorization: `Bearer ${accessToken}` };
  const start = { id: "start", type: "manual_trigger", version: 1, name: "Start", position: { x: 0, y: 0 } };
  const ask = {
    id: "ask",
    type: "http_request",
    version: 1,
    name: "Ask",
    params: { url: "http://127.0.0.1:9/nobody" },
    settings: { retry: { maxAttempts: 1 } },
    position: { x: 320, y: 0 },
  };
  const edges = [{ id: "a", source: "start", sourcePort: "main", target: "ask", targetPort: "main" }];
  const data = { schema: 1, name: unique("Retried"), nodes: [start, ask], edges };
  const made = await page.request.post("/api/workflows", { headers, data });
  const { id } = (await made.json()) as { id: string };
  const run = await page.request.post(`/api/workflows/${id}/run`, { headers, data: {} });
  const { executionId } = (await run.json()) as { executionId: string };
  await page.goto(`/executions/${executionId}?node=ask`);
  await expect(page.getByTestId("run-status")).toHaveText("Failed", { timeout: 30_000 });
  const attempts = page.getByRole("group").filter({ hasText: "2 attempts" }).getByRole("listitem");
  await expect(attempts).toHaveText([/Attempt 1.*127\.0\.0\.1:9/, /Attempt 2.*127\.0\.0\.1:9/]);
  await expectAccessible(page);

  // Long runs are looked at in part, by keyboard too.
  const timeline = page.getByRole("list", { name: "Timeline" });
  await timeline.getByRole("button").first().focus();
  await page.keyboard.press("ArrowDown");
  await expect(timeline.getByRole("button", { name: "Ask" })).toBeFocused();
  await page.keyboard.press("+");
  await expect(page.getByRole("button", { name: "Later" })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("0");
  await expect(page.getByRole("button", { name: "Later" })).toHaveCount(0);
});

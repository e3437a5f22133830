import { expect, test } from "@playwright/test";
import {
  addAfter,
  besides,
  expectAccessible,
  expectSaved,
  expectState,
  logIn,
  newWorkflow,
  unique,
  writeCode,
} from "./support";

test.beforeEach(async ({ page }) => logIn(page));

test("a failure is on the home page at once, and is found by its state and by its words", async ({ page }) => {
  const name = unique("Fails");
  const words = unique("no such order");
  await newWorkflow(page, name);
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await addAfter(page, "Run by hand", "code");
  await writeCode(page, "JavaScript, code editor", `throw new Error('${words}');`);
  await expectSaved(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expectState(page, "Code", "failed");

  await page.goto("/");
  const row = page.getByRole("main").getByRole("listitem").filter({ hasText: name });
  await expect(row).toContainText(words);
  await expectAccessible(page);
  await page.getByRole("link", { name: /^Failed in a day/ }).click();
  await expect(page.getByRole("heading", { name: "Executions" })).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Status" })).toHaveText("Failed or timed out");
  await page.getByRole("searchbox", { name: "Text in the error" }).fill(words.toUpperCase());
  await expect(page).toHaveURL(/error=/);
  const found = page.getByRole("main").getByRole("listitem");
  await expect(found).toHaveCount(1);
  await expect(found).toContainText(name);
  await page.getByRole("combobox", { name: "Status" }).click();
  await page.getByRole("option", { name: "Succeeded" }).click();
  await expect(page.getByRole("heading", { name: "No execution matches" })).toBeVisible();
  await expectAccessible(page);
});

test("a schedule is listed with its next fires, paused, resumed, and stands in the calendar", async ({ page }) => {
  const name = unique("Mornings");
  await newWorkflow(page, name);
  await page.getByRole("button", { name: /^Schedule/ }).click();
  await addAfter(page, "Schedule", "no operation");
  await expectSaved(page);
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("Version 1 is live").first()).toBeVisible();
  await page.goto("/schedules");
  const row = page.getByRole("main").getByRole("listitem").filter({ hasText: name });
  await expect(row).toContainText("Next");
  await expectAccessible(page);
  await row.getByRole("switch").click();
  await expect(row).toContainText("Paused");
  await page.reload();
  await expect(row).toContainText("Paused");
  await row.getByRole("switch").click();
  await expect(row).toContainText("Next");
  await page.getByRole("button", { name: "Calendar" }).click();
  await page.getByRole("button", { name: "Next month" }).click();
  await expect(page.getByRole("link", { name: new RegExp(name) }).first()).toBeVisible();
  await expectAccessible(page);
});

test("the lists fit a narrow screen", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ["/", "/executions", "/schedules", "/schedules?view=calendar"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(wide, path).toBe(false);
  }
});

/** A trigger by hand and a node behind it. */
function short(name: string, type: string, params: object) {
  const position = { x: 0, y: 0 };
  return {
    schema: 1,
    name,
    nodes: [
      { id: "t", type: "manual_trigger", version: 1, name: "Run by hand", params: {}, position },
      { id: "n", type, version: 1, name: "Node", params, position },
    ],
    edges: [{ id: "e", source: "t", target: "n" }],
  };
}

test("executions come into the list as they start, and wait while somebody reads or selects", async ({
  page,
  request,
}) => {
  const call = await besides(request);
  const { id } = await call("/api/workflows", short(unique("Often"), "no_op", {}));
  const run = () => call(`/api/workflows/${id}/run`, { mode: "draft" });
  for (let count = 0; count < 14; count += 1) await run();
  await page.setViewportSize({ width: 1280, height: 600 });
  await page.goto(`/executions?workflow=${id}`);
  const rows = page.getByRole("main").getByRole("listitem");
  await expect(rows).toHaveCount(14);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await run();
  await expect(rows).toHaveCount(15);
  await expect(rows.first()).toContainText("Succeeded");

  await rows.last().scrollIntoViewIfNeeded();
  await expect(page.getByText("Live", { exact: true })).not.toBeInViewport();
  await run();
  const pill = page.getByRole("button", { name: "1 new execution" });
  await expect(pill).toBeVisible();
  await expect(rows).toHaveCount(15);
  await expectAccessible(page);
  await pill.click();
  await expect(rows).toHaveCount(16);
  await expect(rows.first()).toBeInViewport();
  await expect(pill).toBeHidden();

  await rows.nth(1).getByRole("checkbox").click();
  await rows
    .nth(3)
    .getByRole("checkbox")
    .click({ modifiers: ["Shift"] });
  const bar = page.getByRole("toolbar");
  await expect(bar).toContainText("3 selected");
  await run();
  await expect(pill).toBeVisible();
  await expect(bar.getByRole("button", { name: "Cancel" })).toBeDisabled();
  await bar.getByRole("button", { name: "Run again" }).click();
  const dialog = page.getByRole("dialog", { name: "Run 3 executions again?" });
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Run again" }).click();
  await expect(page.getByText("3 started again").first()).toBeVisible();
  await expect(rows).toHaveCount(20);
  await expect(bar).toBeHidden();
});

test("executions are cancelled and retried, many at once", async ({ page, request }) => {
  const call = await besides(request);
  const waits = await call("/api/workflows", short(unique("Waits"), "wait", { amount: 10, unit: "minutes" }));
  for (let count = 0; count < 2; count += 1) await call(`/api/workflows/${waits.id}/run`, { mode: "draft" });
  await page.goto(`/executions?workflow=${waits.id}`);
  const rows = page.getByRole("main").getByRole("listitem");
  await expect(rows.filter({ hasText: "Running" })).toHaveCount(2);
  await expect(rows.first()).toContainText("1 waits · 1 node done");
  await page.getByRole("checkbox", { name: "Select all that are shown" }).click();
  await page.getByRole("toolbar").getByRole("button", { name: "Cancel" }).click();
  await page
    .getByRole("dialog", { name: "Cancel 2 executions?" })
    .getByRole("button", { name: "Cancel", exact: true })
    .click();
  await expect(page.getByText("2 cancelled").first()).toBeVisible();
  await expect(rows.filter({ hasText: "Cancelled" })).toHaveCount(2);

  const fails = await call("/api/workflows", short(unique("Fails"), "stop_and_error", { message: "not today" }));
  await call(`/api/workflows/${fails.id}/run`, { mode: "draft" });
  await page.goto(`/executions?workflow=${fails.id}`);
  await expect(rows.filter({ hasText: "not today" })).toHaveCount(1);
  await rows.first().getByRole("checkbox").press("Space");
  await page.getByRole("toolbar").getByRole("button", { name: "Retry from failure" }).click();
  await page
    .getByRole("dialog", { name: "Retry this execution?" })
    .getByRole("button", { name: "Retry from failure" })
    .click();
  await expect(page.getByText("1 retried").first()).toBeVisible();
  await expect(rows.filter({ hasText: "not today" })).toHaveCount(2);
});

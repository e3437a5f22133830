import { expect, type Page, test } from "@playwright/test";
import { expectAccessible, logIn, USER, unique } from "./support";

const FORM = [
  { name: "amount", label: "Amount", type: "number", required: true },
  { name: "how", label: "How", type: "select", options: "at once, in parts" },
  { name: "informed", label: "The customer knows", type: "boolean" },
];

/** Runs a workflow that asks `title`; returns the execution's id. */
async function ask(page: Page, title: string): Promise<string> {
  const session = await page.request.post("/api/auth/login", { data: USER });
  const { accessToken } = (await session.json()) as { accessToken: string };
  const headers = { Authorization: `Bearer ${accessToken}` };
  const node = (id: string, type: string, x: number, params: object = {}) => ({
    id,
    type,
    version: 1,
    name: id,
    params,
    position: { x, y: 0 },
  });
  const message = "Order 7 of Ada came broken.\nShe asks for 20 EUR.";
  const nodes = [
    node("Start", "manual_trigger", 0),
    node("Refund", "approval", 320, { title, message, form: FORM }),
    node("Paid", "no_op", 640),
  ];
  const edges = [
    { id: "a", source: "Start", sourcePort: "main", target: "Refund", targetPort: "main" },
    { id: "b", source: "Refund", sourcePort: "approved", target: "Paid", targetPort: "main" },
  ];
  const made = await page.request.post("/api/workflows", {
    headers,
    data: { schema: 1, name: unique("Refunds"), nodes, edges },
  });
  const { id } = (await made.json()) as { id: string };
  const run = await page.request.post(`/api/workflows/${id}/run`, { headers, data: {} });
  return ((await run.json()) as { executionId: string }).executionId;
}

test("a person finds what waits for them in the run view, answers with the keyboard, and the workflow goes on", async ({
  page,
}) => {
  await logIn(page);
  const title = unique("Refund order 7?");
  const id = await ask(page, title);
  await page.goto(`/executions/${id}?node=Refund`);
  await expect(page.locator('[data-node="Refund"]')).toContainText("Waiting", { timeout: 30_000 });
  await expect(page.getByText("Waits for people to decide")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Open the approval" }).click();
  await expect(page.getByRole("heading", { name: title })).toBeVisible();
  await expect(page.getByRole("navigation").getByRole("link", { name: /Approvals.*for you to decide/ })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Approve" }).click();
  await expect(page.getByText("Give an answer.")).toBeVisible();
  await page.getByLabel("Amount").focus();
  await page.keyboard.type("20");
  await page.keyboard.press("Tab");
  // The list of choices takes keys while it opens and closes.
  const how = page.getByRole("combobox", { name: "How" });
  await expect(how).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("option", { name: "at once" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("option", { name: "in parts" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("listbox")).toHaveCount(0);
  await expect(how).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Sorry for that.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.locator('main [data-state="approved"]')).toBeVisible();
  const said = page.getByRole("region", { name: "Decisions" });
  await expect(said).toContainText(USER.email);
  await expect(said).toContainText("Sorry for that.");
  await expect(said).toContainText("in parts");
  await expectAccessible(page);
  await page.getByRole("link", { name: "See the execution" }).click();
  await expect(page.getByTestId("run-status")).toHaveText("Succeeded", { timeout: 30_000 });
  await expect(page.locator('[data-node="Paid"]')).toHaveAttribute("data-state", "succeeded");
});

test("a person decides beside the node that waits", async ({ page }) => {
  await logIn(page);
  const id = await ask(page, unique("Refund order 9?"));
  await page.goto(`/executions/${id}?node=Refund`);
  await expect(page.getByText("She asks for 20 EUR.")).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page);
  await page.getByRole("button", { name: "Approve" }).click();
  await expect(page.getByText("Give an answer.")).toBeVisible();
  await page.getByLabel("Amount").fill("20");
  await page.getByRole("combobox", { name: "How" }).click();
  await page.getByRole("option", { name: "at once" }).click();
  await page.getByRole("button", { name: "Approve" }).click();
  await expect(page.getByTestId("run-status")).toHaveText("Succeeded", { timeout: 30_000 });
  await expect(page.locator('[data-node="Paid"]')).toHaveAttribute("data-state", "succeeded");
  await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);
});

test("approvals are listed by state and rejected from the list, also on a narrow screen", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await logIn(page);
  const title = unique("Refund order 8?");
  await page.goto("/approvals");
  await expect(page.getByRole("heading", { name: "Approvals", level: 1 })).toBeVisible();
  await ask(page, title);
  // It comes in by itself.
  await expect(page.getByRole("link", { name: title })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: title }).click();
  // No answer, and one that somebody else has decided meanwhile: both are said.
  await page.route(/\/decision$/, (route) => route.abort(), { times: 1 });
  await page.getByRole("button", { name: "Reject" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Nothing was decided" })).toBeVisible();
  await page.route(/\/decision$/, (route) => route.fulfill({ status: 409, json: { code: "already_decided" } }), {
    times: 1,
  });
  await page.getByRole("button", { name: "Reject" }).click();
  await expect(page.getByText("It has been decided already").first()).toBeVisible();
  await page.getByRole("button", { name: "Hand over" }).press("Enter");
  await page.getByRole("button", { name: "Cancel" }).press("Enter");
  await expect(page.getByRole("button", { name: "Hand over" })).toBeFocused();
  await page.getByRole("button", { name: "Reject" }).click();
  await expect(page.locator('main [data-state="rejected"]')).toBeVisible();
  await expect(page.getByRole("heading", { name: title })).toBeFocused();
  await page.getByRole("link", { name: "All approvals" }).click();
  await expect(page.getByRole("heading", { name: "Approvals", level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: title })).toHaveCount(0);
  await page.goto("/approvals?state=rejected");
  await expect(page.getByRole("link", { name: title })).toBeVisible();
});

test("a list that cannot be read says so, and can be read again", async ({ page }) => {
  await logIn(page);
  let broken = true;
  await page.route(/\/api\/approvals\?/, (route) =>
    broken
      ? route.fulfill({ status: 400, contentType: "application/problem+json", body: '{"title":"Refused"}' })
      : route.fulfill({ contentType: "application/json", body: '{"items":[],"nextCursor":null}' }),
  );
  await page.goto("/approvals");
  await expect(page.getByRole("alert")).toContainText("Refused");
  broken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Nothing waits for a decision" })).toBeVisible();
});

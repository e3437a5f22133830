import { expect, test } from "@playwright/test";
import { besides, expectAccessible, logIn, unique } from "./support";

const place = { x: 0, y: 0 };

test("who shortens how long a workflow's history is kept is told what that deletes, and one execution is kept", async ({
  page,
  request,
}) => {
  const api = await besides(request);
  const workflow = await api("/api/workflows", {
    schema: 1,
    name: unique("Keeps"),
    nodes: [{ id: "start", type: "manual_trigger", version: 1, name: "Start", params: {}, position: place }],
    edges: [],
  });
  const { executionId } = await api(`/api/workflows/${workflow.id}/run`, { mode: "draft" });
  await logIn(page);
  await page.goto(`/executions/${executionId}`);
  await expect(page.getByTestId("run-status")).toHaveText("Succeeded", { timeout: 30_000 });
  await page.getByRole("button", { name: "Run actions" }).click();
  await page.getByRole("menuitem", { name: "Keep for good" }).click();
  await expect(page.getByText("It is kept for good").first()).toBeVisible();
  await page.reload();
  await expect(page.getByText("Kept", { exact: true })).toBeVisible();

  await api(`/api/workflows/${workflow.id}/run`, { mode: "draft" });
  await expect
    .poll(async () => {
      const found = await api(`/api/executions?workflowId=${workflow.id}&status=succeeded`);
      return (found.items as unknown[]).length;
    })
    .toBe(2);
  await page.goto(`/workflows/${workflow.id}`);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Workflow settings" }).click();
  const form = page.getByRole("form", { name: "History" });
  await form.getByRole("switch", { name: "Days of its own for this workflow" }).press("Space");
  await form.getByLabel("Days, where it succeeded").fill("1.5");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByText("Write a whole number from 0 to 3,650, or nothing.")).toBeVisible();
  await form.getByLabel("Days, where it succeeded").fill("0");
  await form.getByRole("button", { name: "Save" }).click();
  const asked = page.getByRole("dialog", { name: "Delete 1 execution?" });
  await expect(asked).toBeVisible();
  await expectAccessible(page);
  await asked.getByRole("button", { name: "Save and delete" }).click();
  await expect(asked).toBeHidden();
  await expect(page.getByText("How long executions are kept was saved").first()).toBeVisible();
  await expect(form.getByLabel("Days, where it succeeded")).toHaveValue("0");
});

test("an execution that was deleted says so, and does not ask to try again", async ({ page }) => {
  const id = "5f0c2f5e-6a55-4c8e-9b7e-3f8f8e3b2a11";
  const detail =
    "The execution ended on 2026-10-01 and was deleted on 2026-11-01: executions like it are kept 31 days here.";
  await page.route(`**/api/executions/${id}**`, (route) =>
    route.fulfill({
      status: 410,
      contentType: "application/problem+json",
      body: JSON.stringify({ type: "about:blank", title: "Gone", status: 410, code: "execution_deleted", detail }),
    }),
  );
  await logIn(page);
  await page.goto(`/executions/${id}`);
  await expect(page.getByRole("heading", { name: "This execution was deleted" })).toBeVisible();
  await expect(page.getByText(detail)).toBeVisible();
  await expect(page.getByRole("button", { name: "Try again" })).toHaveCount(0);
});

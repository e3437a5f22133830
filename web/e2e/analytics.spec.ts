import { expect, test } from "@playwright/test";
import { besides, expectAccessible, logIn, unique } from "./support";

const PLACE = { x: 0, y: 0 };

/** A workflow with a webhook whose node fails for an order of zero. */
const orders = (name: string) => ({
  schema: 1,
  name,
  nodes: [
    { id: "start", type: "manual_trigger", version: 1, name: "Start", params: {}, position: PLACE },
    {
      id: "stop",
      type: "stop_and_error",
      version: 1,
      name: "Refuse",
      params: { message: "order 17 has no address" },
      position: { x: 320, y: 0 },
    },
  ],
  edges: [{ id: "e", source: "start", sourcePort: "main", target: "stop", targetPort: "main" }],
});

test("executions are counted, a fault is resolved, and what is looked at stands in the address", async ({
  page,
  request,
}) => {
  test.setTimeout(150_000);
  const api = await besides(request);
  const name = unique("Orders");
  const workflow = await api("/api/workflows", orders(name));
  await api(`/api/workflows/${workflow.id}/publish`, {});
  for (const _ of [1, 2]) await api(`/api/workflows/${workflow.id}/run`, { mode: "live", items: [{ json: {} }] });
  await logIn(page);
  await page.goto(`/analytics?range=24h&zone=Asia/Kolkata&workflow=${workflow.id}`);
  await expect(page.getByRole("heading", { name: "Analytics" })).toBeVisible();
  const glance = page.getByRole("region", { name: "At a glance" });
  // The sweeper comes once a minute; the page asks again by itself as often.
  await expect(async () => {
    await page.reload();
    await expect(glance.getByText("2", { exact: true })).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 120_000 });
  await expect(glance.getByText("100%")).toBeVisible();
  await expectAccessible(page);

  const over = page.getByRole("region", { name: "Over time" });
  await over.getByRole("application").first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(over.getByRole("status")).toContainText("Failed");
  await over.getByRole("button", { name: "Show as table" }).press("Enter");
  await expect(over.getByRole("rowheader")).toHaveCount(24);
  await expect(over.getByRole("rowheader").first()).toContainText("GMT+5:30");
  await over.getByRole("button", { name: "Duration" }).press("Enter");
  await expect(page).toHaveURL(/show=duration/);
  await expectAccessible(page);

  const download = page.waitForEvent("download");
  await over.getByRole("button", { name: "Download CSV" }).press("Enter");
  expect((await download).suggestedFilename()).toBe("analytics.csv");

  const workflows = page.getByRole("region", { name: "Workflows" });
  await workflows.getByRole("button", { name: /Time saved per run/ }).press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Minutes per run").fill("lots");
  await dialog.getByRole("button", { name: "Save" }).press("Enter");
  await expect(dialog.getByText("Give a number of minutes")).toBeVisible();
  await dialog.getByLabel("Minutes per run").fill("12.5");
  await dialog.getByRole("button", { name: "Save" }).press("Enter");
  await expect(dialog).toBeHidden();
  await expect(workflows.getByText("12.5 min saved per run")).toBeVisible();

  const errors = page.getByRole("region", { name: "Errors" });
  const fault = errors.getByRole("button", { name: /order <n> has no address/ });
  await expect(errors.getByText("2 times")).toBeVisible();
  await fault.press("Enter");
  await expect(errors.getByText("order 17 has no address")).toBeVisible();
  await expect(errors.getByRole("navigation", { name: "Examples" }).getByRole("link")).toHaveCount(2);
  await errors.getByRole("button", { name: "Resolve", exact: true }).press("Enter");
  await expect(errors.getByText("No open errors in this time.")).toBeVisible();
  await errors.getByRole("button", { name: "All" }).press("Enter");
  await expect(fault).toBeVisible();
  await expect(page).toHaveURL(/errors=all/);

  await page.getByRole("region", { name: "Nodes" }).getByRole("button", { name: "Refuse" }).press("Enter");
  await expect(page).toHaveURL(/node=stop/);
  await expect(glance.getByText("Node runs")).toBeVisible();
  await page.getByRole("button", { name: /Leave out the filter/ }).press("Enter");
  await expect(page).not.toHaveURL(/node=/);
});

import { expect, test } from "@playwright/test";
import { besides, expectAccessible, expectState, logIn, unique } from "./support";

/** The demo service of the stack plays the provider: a list that grows. */
const DEMO = `http://127.0.0.1:${process.env.STEPWEAVE_DEMO_PORT ?? "8403"}`;

const node = (id: string, type: string, name: string, params: object, x: number) => ({
  id,
  type,
  version: 1,
  name,
  params,
  position: { x, y: 0 },
});

test("a trigger that polls is tried out, published, and starts with each new thing once", async ({ page, request }) => {
  test.setTimeout(240_000);
  await logIn(page);
  const call = await besides(request);
  const list = unique("orders").replaceAll(" ", "-");
  const put = (id: number) => request.post(`${DEMO}/lists/${list}`, { data: { id, status: "open" } });
  await put(1);
  await put(2);
  const orders = { url: `${DEMO}/lists/${list}`, everyMinutes: 1, listAt: "orders" };
  const { id } = await call("/api/workflows", {
    schema: 1,
    name: list,
    nodes: [node("orders", "poll_trigger", "New orders", orders, 0), node("end", "no_op", "End", {}, 320)],
    edges: [{ id: "e", source: "orders", sourcePort: "main", target: "end", targetPort: "main" }],
  });

  await page.goto(`/workflows/${String(id)}?node=orders`);
  const panel = page.getByRole("region", { name: "Fetch newest" });
  await panel.getByRole("button", { name: "Fetch newest" }).focus();
  await page.keyboard.press("Enter");
  await expect(panel.getByRole("status")).toContainText("nothing at 'orders'; there are items");
  const path = page.getByRole("textbox", { name: "Where the list is" });
  await expect(path).toHaveAttribute("aria-invalid", "true");

  await path.fill("items");
  await panel.getByRole("button", { name: "Fetch again" }).click();
  await expect(panel.getByRole("status")).toHaveText("The newest 2 items");
  await expect(panel.getByRole("region", { name: "Items" })).toContainText('"id": 2');
  await expectAccessible(page);
  await panel.getByRole("button", { name: "Run with this" }).click();
  await expectState(page, "End", "succeeded");

  await page.getByRole("button", { name: "Publish", exact: true }).click();
  // The publish asks what is there already; what comes after it is new.
  await expect(page.getByText("Version 1 is live").first()).toBeVisible();
  await put(3);
  const live = async () => {
    const page_ = await call(`/api/executions?workflowId=${String(id)}&trigger=app`);
    return (page_.items as { id: string }[]).map((one) => one.id);
  };
  await expect.poll(live, { timeout: 130_000, intervals: [2_000] }).toHaveLength(1);
  await expect(panel.getByText(/^Asked/)).toBeVisible({ timeout: 70_000 });
  const [execution] = await live();
  const given = await call(`/api/executions/${execution}/items?nodeId=orders&direction=out&port=main`);
  expect(given.items).toEqual([{ json: { id: 3, status: "open" } }]);

  await page.goto("/schedules");
  const row = page.getByRole("listitem").filter({ hasText: list });
  await expect(row).toContainText("New orders, Every 1 minute");
  await row.getByRole("switch").click();
  await expect(row).toContainText("Paused");
});

test("a publish calls its triggers, starts nothing by it, and the test can be repeated", async ({ page, request }) => {
  await logIn(page);
  const call = await besides(request);
  const path = unique("probe").replace(/\W/g, "");
  const made = await call("/api/workflows", {
    schema: 1,
    name: unique("Reachable"),
    nodes: [
      node("hook", "webhook_trigger", "Orders", { path: `${path}/:id`, method: "POST" }, 0),
      node("form", "form_trigger", "Contact", { path, title: "Contact" }, 160),
      node("hand", "manual_trigger", "By hand", {}, 320),
    ],
    edges: [],
  });
  await page.goto(`/workflows/${String(made.id)}`);
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByText(/^Its 2 triggers answer, in [\d,]+ ms\.$/)).toBeVisible();
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Test the triggers" }).click();
  const dialog = page.getByRole("dialog", { name: "Triggers of version 1" });
  await expect(dialog.locator("[data-check='hook']")).toContainText(/Reachable, in [\d,]+ ms\./);
  await expect(dialog.locator("[data-check='form']")).toContainText(/Reachable, in [\d,]+ ms\./);
  await expect(dialog.locator("[data-check='hand']")).toContainText("A person starts it.");
  await expectAccessible(page);
  expect((await call(`/api/executions?workflowId=${String(made.id)}`)).items).toEqual([]);
});

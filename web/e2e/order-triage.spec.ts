import { expect, test } from "@playwright/test";
import expected from "../../local/seed/expected.json" with { type: "json" };
import orders from "../../local/seed/orders.json" with { type: "json" };
import { card, DEMO, expectAccessible, expectState, findWorkflow, logIn } from "./support";

const STEPS = ["webhook_trigger", "http_request", "code", "if", "email", "database", "respond_to_webhook"];

test("the seeded workflow runs, and every step of a webhook's run is seen with its items", async ({
  page,
  request,
}) => {
  await logIn(page, DEMO);
  await (await findWorkflow(page, "Order triage")).click();
  const nodes = page.locator("[data-node]");
  await expect(nodes).toHaveCount(STEPS.length);

  // The webhook's own card tells where to send orders.
  await nodes.first().click();
  const url = await page.getByTestId("webhook-url").textContent();
  expect(url).toMatch(/\/hooks\/[^/]+\/.+/);

  await page.goto("/executions");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const before = await page.getByRole("main").getByRole("listitem").count();
  const answer = await request.post(String(url), { data: orders });
  expect(answer.status()).toBe(200);
  const { received, ok, review, invalid } = expected.answer;
  expect(await answer.json()).toMatchObject({ received, ok, review, invalid });

  // The run appears in the list without a reload.
  await expect(async () => {
    expect(await page.getByRole("main").getByRole("listitem").count()).toBeGreaterThan(Math.min(before, 49));
    await expect(page.getByRole("main").getByRole("listitem").first()).toContainText("Order triage");
  }).toPass();
  await page.getByRole("main").getByRole("listitem").first().getByRole("link").click();
  await expect(page.getByTestId("run-status")).toHaveText("Succeeded");
  const names = await nodes.evaluateAll((cards) => cards.map((element) => element.getAttribute("data-node") ?? ""));
  for (const name of names) await expectState(page, name, "succeeded");
  await expect(page.getByText(`${expected.answer.received} items`).first()).toBeVisible();

  await card(page, names[0] ?? "").click();
  await expect(page.getByRole("table")).toBeVisible();
  await page.getByRole("button", { name: "JSON" }).click();
  await expect(page.getByRole("region", { name: "Output" })).toContainText("A-1001");
  await expectAccessible(page);
});

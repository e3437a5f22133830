import { expect, test } from "@playwright/test";
import { newOwner } from "./people";
import { expectAccessible, logIn, unique } from "./support";

const PASSWORD = "a-long-password";

test("a version is live in staging first, and goes on to production when nothing is missing", async ({ page }) => {
  // A workspace of its own: environments are for all workflows of one.
  const tag = unique("places").replace(/\W/g, "");
  const data = { email: `${tag}@example.com`, password: PASSWORD };
  const accessToken = await newOwner(page.request, data, tag);
  const headers = { authorization: `Bearer ${accessToken}` };
  const document = {
    schema: 1,
    name: "Orders",
    nodes: [
      { id: "t", type: "webhook_trigger", version: 1, name: "Hook", params: { path: tag, respond: "lastNode" } },
      {
        id: "a",
        type: "set_fields",
        version: 1,
        name: "Where",
        params: { assignments: [{ name: "shop", value: "{{ $vars.shop }} in {{ $execution.environment }}" }] },
      },
    ].map((node, index) => ({ ...node, position: { x: index * 240, y: 0 } })),
    edges: [{ id: "e", source: "t", target: "a" }],
  };
  const made = await page.request.post("/api/workflows", { headers, data: document });
  const { id } = (await made.json()) as { id: string };
  await logIn(page, { email: data.email, password: PASSWORD });

  await page.goto("/settings");
  await page.getByRole("link", { name: "Environments", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Environments", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Add an environment" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Staging");
  await expect(dialog.getByLabel("Key")).toHaveValue("staging");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("listitem").filter({ hasText: "Staging" })).toContainText("New versions go live here");
  await expectAccessible(page);

  // Staging has no value: the version does not go live, and says why.
  await page.goto("/settings/variables");
  await page.getByRole("button", { name: "Add a variable" }).click();
  await dialog.getByLabel("Name").fill("shop");
  await dialog.getByLabel("Value in Production").fill("the shop");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await page.goto(`/workflows/${id}`);
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByText("the variable 'shop'").first()).toBeVisible();

  await page.goto("/settings/variables");
  await page.getByRole("button", { name: "Change shop" }).click();
  await dialog.getByLabel("Value in Staging").fill("a trial");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await page.goto(`/workflows/${id}`);
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByText("Version 1 is live in the first environment").first()).toBeVisible();
  // It is no draft any more: both say where it is live.
  await expect(page.getByText("Live in Staging", { exact: true })).toBeVisible();
  await page.goto("/workflows?status=published");
  await expect(page.getByRole("listitem").filter({ hasText: "Orders" })).toContainText("Live in Staging");
  await page.goto(`/workflows/${id}`);

  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Versions" }).click();
  const places = page.getByRole("region", { name: "Environments" });
  await expect(places.getByRole("listitem").filter({ hasText: "Staging" }).first()).toContainText(`/~staging/${tag}`);
  await page.getByRole("button", { name: "Version 1", exact: false }).first().click();
  await places.getByRole("button", { name: "Make live in Production" }).click();
  const asked = page.getByRole("dialog", { name: "Make version 1 live in Production?" });
  await expect(asked.getByRole("list", { name: "What it needs there" })).toContainText("shop");
  await expectAccessible(page);
  await asked.getByRole("button", { name: "Make live in Production" }).click();
  await expect(asked).toBeHidden();
  await expect(places.getByRole("button", { name: "Take out of Production" })).toBeVisible();

  // Each address answers with its own values.
  const urls = await places.getByRole("list", { name: /^Addresses in/ }).allInnerTexts();
  for (const [part, said] of [
    [`/hooks/${tag}/~staging/${tag}`, "a trial in staging"],
    [`/hooks/${tag}/${tag}`, "the shop in production"],
  ] as const) {
    const url = urls.map((text) => text.replace(/^POST /, "")).find((text) => text.endsWith(part)) ?? "";
    const answer = await page.request.post(url, { data: {} });
    expect(await answer.json()).toMatchObject({ shop: said });
  }
  await page.goto("/executions");
  await expect(page.getByRole("heading", { name: "Executions" })).toBeVisible();
  await page.getByLabel("Environment").click();
  await page.getByRole("option", { name: "Staging" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Orders" })).toHaveCount(1);
  await expect(page.getByRole("listitem").filter({ hasText: "Orders" })).toContainText("Staging");
});

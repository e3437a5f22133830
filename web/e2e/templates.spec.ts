import { expect, test } from "@playwright/test";
import { expectAccessible, logIn, unique } from "./support";

test("a template is found, looked at, and made into a workflow", async ({ page }) => {
  await logIn(page);
  await page.getByRole("link", { name: "Templates" }).click();
  await expect(page.getByRole("heading", { name: "Templates", level: 1 })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: /^\d\d templates$/ })).toBeVisible();
  await expectAccessible(page);

  await page.getByLabel("App", { exact: true }).click();
  await page.getByRole("option", { name: /^GitHub/ }).click();
  await expect(page).toHaveURL(/app=github/);
  await page.getByLabel("Search templates").fill("no such words");
  await expect(page.getByRole("heading", { name: "No template fits" })).toBeVisible();
  await page.getByRole("button", { name: "Show all" }).click();
  await page.getByLabel("Search templates").fill("stale");
  await expect(page.getByText("1 template", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Remind of stale issues" }).press("Enter");

  await expect(page.getByRole("heading", { name: "Remind of stale issues", level: 1 })).toBeVisible();
  await expect(page.locator('[data-node="Open issues"]')).toBeVisible();
  const name = unique("Stale");
  await page.getByLabel("Name of the workflow").fill(name);
  await page.getByRole("button", { name: "Use template" }).click();
  await expect(page.getByText("Say this, for the template cannot know it.")).toHaveCount(2);
  await expect(page).toHaveURL(/templates\/stale-issues/);
  await expectAccessible(page);

  await page.getByRole("textbox", { name: "Owner of the repository" }).fill("ada");
  await page.getByRole("combobox", { name: "Name of the repository" }).fill("looms");
  await page.getByRole("combobox", { name: "Name of the repository" }).press("Enter");
  await expect(page).toHaveURL(/workflows\/[0-9a-f-]{36}/);
  await expect(page.locator('[data-node="Open issues"]')).toBeVisible();
  const id = /workflows\/([0-9a-f-]{36})/.exec(page.url())?.[1];
  await page.goto("/workflows");
  await expect(page.getByRole("link", { name })).toHaveAttribute("href", new RegExp(`${id}`));
});

test("a credential is made in the wizard, and what does not fit is said at its field", async ({ page }) => {
  await logIn(page);
  await page.goto("/templates/retry-with-alert");
  await expect(page.getByRole("heading", { name: "Call an API that sometimes fails", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "New credential" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(unique("Team"));
  await dialog.getByLabel("Token").fill("xoxb-not-a-real-token");
  await dialog.getByRole("button", { name: /^(Save|Create)/ }).click();
  await expect(dialog.getByText("It is saved.")).toBeVisible();
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("combobox", { name: "Slack", exact: true })).toContainText("Team");

  await page.getByRole("textbox", { name: "Address of the API" }).fill("https://shop.example/tasks");
  await page.getByRole("textbox", { name: "Path of the webhook's address" }).fill("not a path?");
  await page.getByRole("button", { name: "Use template" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Some fields are missing or wrong." })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Path of the webhook's address" })).toHaveAttribute(
    "aria-invalid",
    "true",
  );
  await expect(page.getByRole("textbox", { name: "Path of the webhook's address" })).toBeFocused();
  await page.getByRole("textbox", { name: "Path of the webhook's address" }).fill(`tasks/${Date.now()}`);
  await page.getByRole("button", { name: "Use template" }).click();
  await expect(page).toHaveURL(/workflows\/[0-9a-f-]{36}/);
  await expect(page.locator('[data-node="Call the API"]')).toBeVisible();
});

test("a template that is not there, and a list that cannot be loaded, say so", async ({ page }) => {
  await logIn(page);
  await page.goto("/templates/no-such-thing");
  await expect(page.getByText("There is no such template")).toBeVisible();
  await page.route("**/api/templates?*", (route) => route.fulfill({ status: 500, body: "{}" }));
  await page.goto("/templates");
  await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
  await page.unroute("**/api/templates?*");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("link", { name: "Webhook to Postgres with checks" })).toBeVisible();
});

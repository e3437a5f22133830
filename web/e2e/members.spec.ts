/** Settings of a workspace, by keyboard: members and invitations, API keys, the audit, usage, signing in. */

import { expect, type Page, test } from "@playwright/test";
import { expectAccessible, logIn, mailedLink, tabTo, unique } from "./support";

/** Has the first answer to a request of the page fail, shows that, and asks again by keyboard. */
async function failsOnce(page: Page, path: string, shown: string): Promise<void> {
  await expect(page.getByText(shown).first()).toBeVisible();
  await page.route(`**/api/${path}*`, (route) => route.fulfill({ status: 503, json: { code: "aws_unavailable" } }));
  await page.reload();
  const again = page.getByRole("button", { name: "Try again" });
  await expect(again).toBeVisible();
  await expectAccessible(page);
  await page.unroute(`**/api/${path}*`);
  await tabTo(page, again);
  await page.keyboard.press("Enter");
  await expect(page.getByText(shown).first()).toBeVisible();
}

test("somebody is invited, joins, gets another role and is removed", async ({ page, browser, request }) => {
  const email = `${unique("grace").replace(/\W/g, "")}@example.com`;
  await logIn(page);
  await page.goto("/settings/members");
  await tabTo(page, page.getByRole("button", { name: "Invite", exact: true }));
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Invite somebody" });
  await expect(dialog.getByLabel("Email")).toBeFocused();
  await page.keyboard.type("grace@");
  await page.keyboard.press("Enter");
  await expect(dialog.getByLabel("Email")).toHaveAccessibleDescription(/address/);
  await expectAccessible(page);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(email);
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("region", { name: "Invitations" })).toContainText(email);
  await expectAccessible(page);

  const visitor = await (await browser.newContext()).newPage();
  await visitor.goto(await mailedLink(request, email, "/invitation#"));
  await expect(visitor.getByText(`The invitation is for ${email}.`)).toBeVisible();
  await expectAccessible(visitor);
  await expect(visitor.getByLabel("Your name")).toBeFocused();
  await visitor.keyboard.type("Grace");
  await visitor.keyboard.press("Tab");
  await visitor.keyboard.type("short");
  await visitor.keyboard.press("Enter");
  await expect(visitor).toHaveURL(/invitation/);
  await visitor.keyboard.press("ControlOrMeta+a");
  await visitor.keyboard.type("a-long-password");
  await visitor.keyboard.press("Enter");
  await expect(visitor).toHaveURL(/\/$/);

  await failsOnce(page, "members", email);
  const role = page.getByRole("combobox", { name: "Role of Grace" });
  await tabTo(page, role);
  await page.keyboard.press("Enter");
  await page.keyboard.type("View");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Grace is Viewer now").first()).toBeVisible();
  await visitor.goto("/workflows");
  await expect(visitor.getByRole("heading", { name: "Workflows" })).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "Remove Grace" }));
  await page.keyboard.press("Enter");
  const asked = page.getByRole("dialog", { name: "Remove Grace?" }).or(page.getByRole("alertdialog"));
  await tabTo(page, asked.getByRole("button", { name: "Remove", exact: true }));
  await page.keyboard.press("Enter");
  await expect(page.getByText(email)).toHaveCount(0);
  await visitor.goto("/workflows");
  await expect(visitor.getByRole("heading", { name: "Welcome back" })).toBeVisible();
  await visitor.close();
});

test("a key is made, used, found in the audit and revoked", async ({ page, request }) => {
  const name = unique("Deployments");
  await logIn(page);
  await page.goto("/settings/keys");
  await expect(page.getByText("No API keys yet")).toBeVisible();
  await failsOnce(page, "keys", "No API keys yet");
  await tabTo(page, page.getByRole("button", { name: "New key" }));
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "New API key" });
  await expect(dialog.getByLabel("What it is for")).toBeFocused();
  await page.keyboard.type(name);
  await tabTo(page, dialog.getByLabel("From these addresses only"));
  await page.keyboard.type("anywhere");
  await tabTo(page, dialog.getByRole("button", { name: "Make the key" }));
  await page.keyboard.press("Enter");
  await expect(dialog.getByLabel("From these addresses only")).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page);
  await tabTo(page, dialog.getByLabel("From these addresses only"));
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Delete");
  await tabTo(page, dialog.getByRole("button", { name: "Make the key" }));
  await page.keyboard.press("Enter");
  const made = page.getByRole("dialog", { name: "Copy the key now" });
  const headers = { authorization: `Bearer ${await made.getByTestId("new-key").textContent()}` };
  expect((await request.get("/api/workflows", { headers })).status()).toBe(200);
  await expectAccessible(page);
  await tabTo(page, made.getByRole("button", { name: "I have copied it" }));
  await page.keyboard.press("Enter");
  await expect(made).toBeHidden();
  await tabTo(page, page.getByRole("button", { name: `Revoke ${name}` }));
  await page.keyboard.press("Enter");
  const asked = page.getByRole("dialog").or(page.getByRole("alertdialog"));
  await tabTo(page, asked.getByRole("button", { name: "Revoke", exact: true }));
  await page.keyboard.press("Enter");
  // What is behind a dialog is no button for the time.
  await expect(asked).toBeHidden();
  await expect(page.getByRole("button", { name: `Revoke ${name}` })).toHaveCount(0);
  expect((await request.get("/api/workflows", { headers })).status()).toBe(401);

  await page.goto("/settings/audit");
  await failsOnce(page, "audit", "Key revoked");
  await tabTo(page, page.getByRole("searchbox"));
  await page.keyboard.type("key.created");
  const entry = page.getByRole("group").filter({ hasText: "Key created" }).first();
  await expect(entry).toBeVisible();
  await expect(page.getByText("Key revoked")).toHaveCount(0);
  await tabTo(page, entry.locator("summary"));
  await page.keyboard.press("Enter");
  await expect(entry).toContainText(name);
  await expectAccessible(page);
  await tabTo(page, page.getByRole("button", { name: "Check the chain" }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/All \d[\d,]* entries are as they were written/).first()).toBeVisible();
  await page.goto("/settings/audit?search=nothing-has-this");
  await expect(page.getByText("No entry has this")).toBeVisible();
  await expectAccessible(page);
});

test("usage is shown, and a provider that does not answer is told at its field", async ({ page }) => {
  await logIn(page);
  await page.goto("/settings/usage");
  await failsOnce(page, "tenant/usage", "Workflows");
  await expectAccessible(page);
  await page.goto("/settings/sign-in");
  await tabTo(page, page.getByRole("textbox", { name: "Name" }));
  for (const text of ["Corp", "https://login.invalid", "client", "secret", "corp.example"]) {
    await page.keyboard.type(text);
    await page.keyboard.press("Tab");
  }
  await tabTo(page, page.getByRole("button", { name: "Save" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Issuer" })).toHaveAccessibleDescription(/login\.invalid/);
  await expectAccessible(page);
});

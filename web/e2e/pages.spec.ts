import { expect, test } from "@playwright/test";
import { DEMO, expectAccessible, findWorkflow, logIn, mailedLink, register, unique } from "./support";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test("every page is accessible", async ({ page }) => {
      await page.goto("/login");
      await expect(page.getByRole("heading", { name: "Welcome back" })).toBeVisible();
      await expectAccessible(page);
      await page.goto("/register");
      await expect(page.getByRole("heading", { name: "Create your account" })).toBeVisible();
      await expectAccessible(page);
      await logIn(page, DEMO);
      await findWorkflow(page, "Order triage");
      await expectAccessible(page);
      for (const name of ["Home", "Executions", "Schedules", "Approvals", "Data", "Credentials"]) {
        await page.getByRole("navigation").getByRole("link", { name }).click();
        await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
        await expectAccessible(page);
      }
      await page.goto("/workflows");
      await (await findWorkflow(page, "Order triage")).click();
      await page.locator("[data-node]").nth(1).click();
      await expect(page.getByRole("textbox", { name: "URL" })).toBeVisible();
      await expectAccessible(page);
    });
  });
}

test("a new person registers, starts from the example and sees it run", async ({ page }) => {
  const tag = unique("e2e").replace(/\W/g, "");
  await register(page, "E2E", `Workspace ${tag}`, `${tag}@example.com`);
  await expect(page.getByRole("heading", { name: "Welcome to Stepweave" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Go to workflows" }).click();
  await page.getByRole("button", { name: "Start from an example" }).click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByTestId("run-status")).toHaveText("Succeeded", { timeout: 30_000 });
  await page.locator('[data-node="Needs approval"]').click();
  await page.getByRole("tab", { name: "Data" }).click();
  await expect(page.getByRole("cell", { name: "1487.5" })).toBeVisible();
});

test("a wrong password is told, and the form keeps the email", async ({ page }) => {
  await page.goto("/login");
  await page.getByLabel("Email").fill("demo@stepweave.dev");
  await page.getByLabel("Password").fill("wrong-password");
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Email or password is wrong");
  await expect(page.getByLabel("Email")).toHaveValue("demo@stepweave.dev");
});

test("a password is changed, and what is wrong with it is told at its field", async ({ page }) => {
  const email = `${unique("p").replace(/\W/g, "")}@example.com`;
  await register(page, "P", "P", email);
  await expect(page.getByRole("heading", { name: "Welcome to Stepweave" })).toBeVisible();
  await page.goto("/settings/security");
  const form = page.getByRole("region", { name: "Password" });
  const change = async (current: string, next: string, again = next) => {
    await form.getByLabel("Current password").fill(current);
    await form.getByLabel("New password", { exact: true }).fill(next);
    await form.getByLabel("New password once more").fill(again);
    await form.getByRole("button", { name: "Change password" }).click();
  };
  await change("a-long-password", "password1234");
  await expect(form.getByText("one of the most common ones")).toBeVisible();
  await change("a-long-password", "another-password", "another");
  await expect(form.getByText("The two new passwords differ.")).toBeVisible();
  await change("not-my-password", "another-password");
  await expect(form.getByText("This is not your password.")).toBeVisible();
  await expectAccessible(page);
  await change("a-long-password", "another-password");
  await expect(page.getByText("Your password is changed").first()).toBeVisible();
  await page.reload();
  await expect(form).toBeVisible();
  await page.getByRole("button", { name: "Log out", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Welcome back" })).toBeVisible();
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill("another-password");
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  // Back to where one was.
  await expect(page.getByRole("heading", { name: "Security" })).toBeVisible();
  await expect(page.getByText("This device")).toHaveCount(1);
});

test("who forgot the password gets a link, and with it a new one", async ({ page }) => {
  const email = `${unique("f").replace(/\W/g, "")}@example.com`;
  await register(page, "Forgetful", "Forgetful", email);
  await page.getByRole("button", { name: "Log out", exact: true }).click();
  await page.getByRole("link", { name: "Forgot it?" }).click();
  // The log-in page has such a field, too.
  await expect(page.getByRole("heading", { name: "Forgot your password?" })).toBeVisible();
  await page.getByLabel("Email").fill(email);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("status")).toContainText(`If ${email} has an account`);
  const link = await mailedLink(page.request, email, "choose a new password");
  await page.goto(link);
  await expect(page).toHaveURL(/reset-password$/);
  await page.getByLabel("New password", { exact: true }).fill("stepweave2026");
  await page.getByLabel("New password once more").fill("stepweave2026");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("has the product's name in it")).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("New password", { exact: true }).fill("staple the battery 7");
  await page.getByLabel("New password once more").fill("staple the battery 7");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByRole("heading", { name: "Your password is changed" })).toBeVisible();
  await page.goto("about:blank");
  await page.goto(link);
  await page.getByLabel("New password", { exact: true }).fill("another old horse 3");
  await page.getByLabel("New password once more").fill("another old horse 3");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByRole("alert")).toContainText("This link is not good any more");
  await page.getByRole("link", { name: "Back to log in" }).click();
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill("staple the battery 7");
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await expect(page.getByRole("navigation", { name: "Main" }).first()).toBeVisible();
});

test("a credential is made, used in a list without its secret, and deleted", async ({ page }) => {
  await logIn(page);
  await page.goto("/credentials");
  const name = unique("Key");
  await page.getByRole("button", { name: "New credential" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Type" }).click();
  await page.getByRole("option", { name: "Secret header" }).click();
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Header").fill("X-Api-Key");
  await dialog.getByLabel("Value").fill("top-secret-value");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("main").getByRole("listitem").filter({ hasText: name })).toBeVisible();
  await expect(page.getByText("top-secret-value")).toHaveCount(0);
  await page.getByRole("button", { name: `Delete “${name}”?` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("main").getByRole("listitem").filter({ hasText: name })).toHaveCount(0);
});

test("on a phone the panels are sheets, and everything is in reach", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await logIn(page, DEMO);
  await (await findWorkflow(page, "Order triage")).click();
  await page.locator("[data-node]").nth(1).click();
  const sheet = page.getByRole("dialog", { name: "Node" });
  await expect(sheet.getByRole("tab", { name: "Parameters" })).toBeVisible();
  await expectAccessible(page);
  await sheet.getByRole("button", { name: "Close" }).first().click();
  await page.getByRole("button", { name: "Add a node", exact: true }).click();
  await expect(page.getByRole("option", { name: /^Code/ })).toBeVisible();
});

test("the keyboard alone is enough to add, set up and run", async ({ page }) => {
  await logIn(page);
  await page.getByRole("button", { name: "New workflow" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^Run by hand/ }).focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("[data-node]")).toHaveCount(1);
  await page.locator(".react-flow__node").focus();
  await page.keyboard.press("a");
  await page.keyboard.type("no operation");
  await page.keyboard.press("Enter");
  await expect(page.locator('[data-node="No operation"]')).toBeVisible();
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(page.getByTestId("run-status")).toHaveText("Succeeded", { timeout: 30_000 });
});

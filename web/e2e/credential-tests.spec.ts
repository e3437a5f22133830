/** Credentials that a node's function tries out: a mailbox, and an AWS account. */

import { expect, type Locator, type Page, test } from "@playwright/test";
import { AwsServer, MailServer } from "./provider";
import { expectAccessible, logIn, unique } from "./support";

let mail: MailServer;

test.beforeAll(async () => {
  mail = await MailServer.start();
});
test.afterAll(() => mail.stop());
test.beforeEach(async ({ page }) => logIn(page));

/** Types a new credential and saves it by Enter: then it can be tried out at once. */
async function made(page: Page, type: string, name: string, values: Record<string, string>): Promise<Locator> {
  await page.goto("/credentials");
  await page.getByRole("button", { name: "New credential" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New credential" });
  await dialog.getByRole("combobox", { name: "Type" }).click();
  await page.getByRole("option", { name: type }).click();
  await typed(dialog, { Name: name, ...values });
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  return saved(page, name);
}

/** Waits until a credential is saved in its dialog, where testing it is what comes next. */
async function saved(page: Page, name: string): Promise<Locator> {
  const dialog = page.getByRole("dialog", { name: `Edit “${name}”` });
  await expect(dialog.getByText("It is saved. Try it out, or close this.")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Test" })).toBeFocused();
  return dialog;
}

async function reopened(page: Page, name: string): Promise<Locator> {
  await page.getByRole("button", { name: `Edit ${name}` }).click();
  return page.getByRole("dialog", { name: `Edit “${name}”` });
}

async function typed(dialog: Locator, values: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(values)) {
    const field = dialog.getByLabel(new RegExp(`^${label}`));
    await field.click();
    await field.press("ControlOrMeta+a");
    await field.pressSequentially(value);
  }
}

/** Presses Test by the keyboard, and returns where what came of it stands. */
async function tested(dialog: Locator, role: "status" | "alert"): Promise<Locator> {
  const button = dialog.getByRole("button", { name: "Test" });
  await button.press("Enter");
  await expect(dialog.getByRole(role)).toBeVisible();
  await expect(button).toBeFocused();
  return dialog.getByRole(role);
}

test("a mailbox is tested: a wrong password, then the right one, then a server that is not there", async ({ page }) => {
  const name = unique("Mailbox");
  const { port, user, password } = mail.told;
  const values = { Host: "127.0.0.1", Port: String(port), User: user, Password: "not the password" };
  const dialog = await made(page, "Mailbox (IMAP)", name, values);
  // TLS is chosen at first, and this server has none.
  await expect(await tested(dialog, "alert")).toContainText(`127.0.0.1:${port}`);

  await dialog.getByRole("combobox", { name: "Encryption" }).click();
  await page.getByRole("option", { name: "None (this machine only)" }).click();
  await expect(dialog.getByRole("button", { name: "Test" })).toBeDisabled();
  await expect(dialog.getByText("Save your changes first.")).toBeVisible();
  await dialog.getByRole("button", { name: "Save" }).click();
  await saved(page, name);
  await expect(await tested(dialog, "alert")).toContainText(`127.0.0.1:${port} refused the log-in of ${user}`);
  await expect(dialog.getByRole("alert")).toContainText("wrong. Check user and password");
  await expect(dialog).not.toContainText("not the password");
  await expectAccessible(page);

  await typed(dialog, { Password: password });
  await page.keyboard.press("Enter");
  await saved(page, name);
  await expect(await tested(dialog, "status")).toHaveText("The log-in works; there are 2 mailboxes.");

  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(dialog).toHaveCount(0);
  await reopened(page, name);
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeVisible();
  await typed(dialog, { Port: "9", Password: password });
  await page.keyboard.press("Enter");
  await saved(page, name);
  await expect(await tested(dialog, "alert")).toContainText("127.0.0.1:9");
});

test("what is missing in a long form is brought into sight", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 640 });
  await page.goto("/credentials");
  await page.getByRole("button", { name: "New credential" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New credential" });
  await dialog.getByRole("combobox", { name: "Type" }).click();
  await page.getByRole("option", { name: "AWS account" }).click();
  await dialog.getByRole("button", { name: "Save" }).press("Enter");
  await expect(dialog.getByLabel(/^Name/)).toBeFocused();
  await page.keyboard.type("Our account");
  await page.keyboard.press("Enter");
  await expect(dialog.getByLabel(/^Access key ID/)).toBeFocused();
  await expect(dialog.getByLabel(/^Access key ID/)).toBeInViewport();
});

test("an AWS account is made and tested: whose key it is, what is no AWS, and that the platform's own is not reached", async ({
  page,
}) => {
  const aws = await AwsServer.start();
  const name = unique("AWS");
  const local = (port: string) => `http://127.0.0.1:${port}`;
  const values = { "Access key ID": "test", "Secret access key": "a/secret+key", Region: "eu-central-1" };
  const dialog = await made(page, "AWS account", name, { ...values, Endpoint: aws.url });
  await expect(page.getByText("test in eu-central-1").first()).toBeVisible();
  await expect(await tested(dialog, "status")).toContainText(/^The key works: account \d{12}, arn:aws:/);
  await expectAccessible(page);
  await aws.stop();

  const wrong = {
    [local(process.env.STEPWEAVE_DEMO_PORT ?? "8403")]: "sts:GetCallerIdentity",
    [local(process.env.STEPWEAVE_EMULATOR_PORT ?? "4566")]: "127.0.0.1",
  };
  for (const [endpoint, words] of Object.entries(wrong)) {
    await typed(dialog, { "Secret access key": "a/secret+key", Endpoint: endpoint });
    await page.keyboard.press("Enter");
    await saved(page, name);
    await expect(await tested(dialog, "alert")).toContainText(words);
    await expect(dialog).not.toContainText("a/secret+key");
  }
});

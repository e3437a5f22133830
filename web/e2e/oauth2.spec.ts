import { expect, type Locator, type Page, test } from "@playwright/test";
import { Provider } from "./provider";
import { addAfter, expectAccessible, expectSaved, expectState, logIn, newWorkflow, unique } from "./support";

let provider: Provider;

test.beforeAll(async ({ baseURL }) => {
  if (!baseURL) throw new Error("There is no stack to test.");
  provider = await Provider.start(new URL(baseURL).origin);
});
test.afterAll(() => provider.stop());
test.beforeEach(async ({ page }) => logIn(page));

const LABELS = {
  "Client ID": "clientId",
  "Client secret": "clientSecret",
  "Authorization URL": "authorizeUrl",
  "Token URL": "tokenUrl",
  Scope: "scope",
  "Test address": "testUrl",
};

/** Types a new credential for the provider, and saves it; returns the dialog that connects it. */
async function create(page: Page, name: string): Promise<Locator> {
  await page.goto("/credentials");
  await page.getByRole("button", { name: "New credential" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New credential" });
  await dialog.getByRole("combobox", { name: "Type" }).click();
  await page.getByRole("option", { name: "OAuth2", exact: true }).click();
  await dialog.getByLabel("Name").pressSequentially(name);
  for (const [label, field] of Object.entries(LABELS)) {
    await dialog.getByLabel(label).pressSequentially(provider.credential[field] ?? "");
  }
  await dialog.getByRole("button", { name: "Save" }).click();
  return page.getByRole("dialog", { name: `Connect “${name}”` });
}

/** Presses a button that opens the provider's window, and returns that. */
async function opened(page: Page, button: Locator): Promise<Page> {
  const [popup] = await Promise.all([page.waitForEvent("popup"), button.click()]);
  await expect(popup.getByRole("heading", { name: "Let Stepweave in?" })).toBeVisible();
  return popup;
}

/** Says yes in the provider's window, which then closes by itself. */
async function allow(popup: Page): Promise<void> {
  await closing(popup, "Allow");
}

/** Clicks a button with which a window closes; that may be gone before the click is over. */
async function closing(popup: Page, name: string): Promise<void> {
  const closed = popup.waitForEvent("close");
  const clicked = popup.getByRole("button", { name }).click();
  await Promise.all([closed, clicked.catch(() => undefined)]);
}

/** Takes the access away, on the provider's own page. */
async function revoke(page: Page): Promise<void> {
  const own = await page.context().newPage();
  await own.goto(`${provider.url}/apps`);
  await own.getByRole("button", { name: "Remove Stepweave" }).click();
  await expect(own.getByRole("heading", { name: "Nobody has access" })).toBeVisible();
  await own.close();
}

/** What is stored goes to no other server. */
async function moveElsewhere(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: `Edit ${name}` }).click();
  const dialog = page.getByRole("dialog", { name: `Edit “${name}”` });
  await dialog.getByLabel("Token URL").fill("http://localhost:9/token");
  await dialog.getByRole("button", { name: "Save" }).click();
  const secret = dialog.getByLabel("Client secret", { exact: true });
  await expect(secret).toBeFocused();
  await expect(dialog.getByText("Enter 'Client secret' again")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Enter 'Client secret' again")).toBeVisible();
  await page.keyboard.type("known");
  await expect(dialog.getByText("Enter 'Client secret' again")).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(row(page, name)).toContainText("Not connected yet");
}

const row = (page: Page, name: string) => page.getByRole("main").getByRole("listitem").filter({ hasText: name });

test("a credential is connected, tested, used, lost at its provider and connected again", async ({ page }) => {
  test.setTimeout(120_000);
  const name = unique("Shop");
  const connecting = await create(page, name);
  await expectAccessible(page);
  await allow(await opened(page, connecting.getByRole("button", { name: "Connect", exact: true })));
  await expect(connecting.getByRole("status")).toHaveText(`“${name}” is connected.`);
  await expectAccessible(page);
  await connecting.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(row(page, name)).toContainText("Connected");

  await page.getByRole("button", { name: `Edit ${name}` }).click();
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText("It works (status 200).")).toBeVisible();

  await newWorkflow(page, unique("Asks the shop"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await addAfter(page, "Run by hand", "http");
  await page.getByRole("textbox", { name: "URL" }).pressSequentially(`${provider.url}/me`);
  await page.getByRole("combobox", { name: "Authentication" }).click();
  await page.getByRole("option", { name: "OAuth2", exact: true }).click();
  await page.getByRole("combobox", { name: "OAuth2" }).last().click();
  await page.getByRole("option", { name }).click();
  await expectSaved(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expectState(page, "HTTP request", "succeeded");
  await page.getByRole("tab", { name: "Data" }).click();
  await expect(page.getByRole("cell", { name: "Ann" })).toBeVisible();

  await revoke(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expectState(page, "HTTP request", "failed");
  await expect(page.getByRole("alert").first()).toContainText("connect it again");
  await page.getByRole("tab", { name: "Parameters" }).click();
  await expect(page.getByRole("combobox", { name: "OAuth2" }).last()).toContainText("to be connected again");
  await page.getByRole("button", { name: `Edit ${name}` }).click();
  const editing = page.getByRole("dialog", { name: `Edit “${name}”` });
  await allow(await opened(page, editing.getByRole("button", { name: "Connect again" })));
  await expect(editing.getByText(`“${name}” is connected.`)).toBeVisible();
  await revoke(page);
  await editing.getByRole("button", { name: "Test", exact: true }).click();
  await expect(editing.getByRole("alert")).toContainText("no longer connected");
  await expect(editing.getByText("To be connected again")).toBeVisible();
  await allow(await opened(page, editing.getByRole("button", { name: "Connect again" })));
  await expect(editing.getByText("Connected", { exact: true })).toBeVisible();
  await editing.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expectState(page, "HTTP request", "succeeded");
});

test("who denies, closes the window or has it blocked is told, and connects in the end", async ({ page }) => {
  const name = unique("Denied");
  const connecting = await create(page, name);
  const denied = await opened(page, connecting.getByRole("button", { name: "Connect", exact: true }));
  await denied.getByRole("button", { name: "Deny" }).click();
  await expect(denied.getByRole("heading", { name: "Not connected" })).toBeVisible();
  await expectAccessible(denied);
  await expect(connecting.getByRole("alert")).toHaveText("Access was not given. Nothing was changed.");
  await closing(denied, "Close this window");

  const left = await opened(page, connecting.getByRole("button", { name: "Connect", exact: true }));
  await left.close();
  await expect(connecting.getByRole("status")).toContainText("Agree in the window that opened.");
  await page.evaluate(() => Object.assign(window, { opens: window.open, open: () => null }));
  await connecting.getByRole("button", { name: "Open it again" }).click();
  await expect(connecting.getByRole("alert")).toContainText("The browser blocked the window.");
  await expectAccessible(page);
  await page.evaluate(() => Object.assign(window, { open: Reflect.get(window, "opens") }));
  await allow(await opened(page, connecting.getByRole("button", { name: "Connect", exact: true })));
  await expect(connecting.getByRole("status")).toHaveText(`“${name}” is connected.`);
});

test("a callback that was opened before, or with a wrong state, connects nothing and stops nobody", async ({
  page,
}) => {
  const name = unique("Twice");
  const connecting = await create(page, name);
  const popup = await opened(page, connecting.getByRole("button", { name: "Connect", exact: true }));
  const wrong = await page.context().newPage();
  await wrong.goto("/api/oauth2/callback?code=stolen&state=%3Cscript%3E");
  await expect(wrong.getByText("This link was used before, or it is older than ten minutes.")).toBeVisible();
  await expect(connecting.getByRole("alert")).toContainText("This link was used before");
  await expect(connecting).toContainText("Not connected yet");

  const [back] = await Promise.all([popup.waitForRequest(/\/api\/oauth2\/callback/), allow(popup)]);
  await expect(connecting.getByRole("status")).toHaveText(`“${name}” is connected.`);
  await wrong.goto(back.url());
  await expect(wrong.getByRole("heading", { name: "Not connected" })).toBeVisible();
  await expect(wrong.getByText("This link was used before")).toBeVisible();
  await expect(connecting).toContainText("Connected");
  await page.reload();
  await expect(row(page, name)).toContainText("Connected");
  await expect(row(page, name)).not.toContainText("Not connected yet");
  await moveElsewhere(page, name);
});

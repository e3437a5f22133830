/** Passkeys (Chromium's virtual authenticator), an authenticator app, recovery codes: set up and used by keyboard. */

import { createHmac } from "node:crypto";
import { type CDPSession, expect, type Page, test } from "@playwright/test";
import { expectAccessible, mailedLink, register, tabTo, unique } from "./support";

const PASSWORD = "a-long-password";
const CODE = "Code from your authenticator app";

/** The code of an authenticator app (RFC 6238), `steps` of 30 seconds from now. */
function codeOf(secret: string, steps = 0): string {
  const bits = [...secret.replace(/[\s=]/g, "")]
    .map((one) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(one).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac("sha1", key).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function authenticator(page: Page): Promise<{ cdp: CDPSession; id: string }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, id: authenticatorId };
}

async function press(page: Page, name: string): Promise<void> {
  await tabTo(page, page.getByRole("button", { name, exact: true }));
  await page.keyboard.press("Enter");
}

async function typePassword(page: Page, email: string): Promise<void> {
  await expect(page.getByLabel("Email")).toBeFocused();
  await page.keyboard.type(email);
  await tabTo(page, page.getByLabel("Password"));
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
}

async function logOut(page: Page, app: string): Promise<void> {
  await page.evaluate(() => fetch("/api/auth/logout", { method: "POST" }));
  await page.goto(`${app}/login`);
}

test("a passkey is added, logs in alone, and a code of an app is asked for after the password", async ({
  page,
  baseURL,
}) => {
  const app = String(baseURL).replace("127.0.0.1", "app.localhost");
  const email = `${unique("factors").replace(/\W/g, "")}@example.com`;
  await register(page, "Grace", unique("Factors"), email);
  const { cdp, id } = await authenticator(page);

  await test.step("a passkey, once one has shown who one is", async () => {
    await page.goto(`${app}/login`);
    await expectAccessible(page);
    await typePassword(page, email);
    await expect(page).toHaveURL(`${app}/`);
    await page.goto(`${app}/settings/security`);
    await press(page, "Add a passkey");
    const dialog = page.getByRole("dialog", { name: "Add a passkey" });
    await expect(dialog.getByLabel("Name")).toBeFocused();
    await page.keyboard.type("Work laptop");
    await page.keyboard.press("Enter");
    const asks = page.getByRole("dialog", { name: "Is it you?" });
    await expect(asks.getByLabel("Password")).toBeFocused();
    await page.keyboard.type("not my password");
    await page.keyboard.press("Enter");
    await expect(asks.getByLabel("Password")).toHaveAccessibleDescription(/This is not your password\./);
    await expectAccessible(page);
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await expect(dialog.getByLabel("Name")).toHaveValue("Work laptop");
    await page.keyboard.press("Enter");
    const codes = page.getByRole("dialog", { name: "Keep these recovery codes" });
    await expect(codes.getByRole("listitem")).toHaveCount(10);
    await expectAccessible(page);
    await press(page, "I have kept them");
    await expect(page.getByText("Work laptop")).toBeVisible();
    await expect(page.getByText("10 of 10 left.")).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("it logs in alone, and says so where it cannot", async () => {
    await logOut(page, app);
    await cdp.send("WebAuthn.setUserVerified", { authenticatorId: id, isUserVerified: false });
    await press(page, "Log in with a passkey");
    await expect(page.getByRole("alert")).toContainText("The passkey was not used");
    await expectAccessible(page);
    await cdp.send("WebAuthn.setUserVerified", { authenticatorId: id, isUserVerified: true });
    await press(page, "Log in with a passkey");
    await expect(page).toHaveURL(`${app}/`);
  });

  await test.step("an app's code is asked for after the password", async () => {
    await page.goto(`${app}/settings/security`);
    await press(page, "Set up");
    const asks = page.getByRole("dialog", { name: "Is it you?" });
    await press(page, "Use a passkey");
    await expect(asks).toBeHidden();
    const dialog = page.getByRole("dialog", { name: "Set up an authenticator app" });
    await expect(dialog.getByLabel(CODE)).toBeFocused();
    const secret = (await dialog.locator("code").textContent()) ?? "";
    await page.keyboard.type(codeOf(secret, 500));
    await page.keyboard.press("Enter");
    await expect(dialog.getByLabel(CODE)).toHaveAccessibleDescription(/This is not the code/);
    await expectAccessible(page);
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(codeOf(secret));
    await page.keyboard.press("Enter");
    await expect(dialog).toBeHidden();
    await logOut(page, app);
    await typePassword(page, email);
    await expect(page.getByRole("heading", { name: "One more step" })).toBeVisible();
    await expect(page.getByLabel(CODE)).toBeFocused();
    await page.keyboard.type(codeOf(secret, 500));
    await page.keyboard.press("Enter");
    await expect(page.getByLabel(CODE)).toHaveAccessibleDescription(/The code is wrong/);
    await expectAccessible(page);
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(codeOf(secret, 1)); // the step before it is used up
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(`${app}/`);
  });
});

test("a recovery code lets in once; a workspace asks everybody for a factor, and who has none sets one up", async ({
  page,
  browser,
}) => {
  const email = `${unique("codes").replace(/\W/g, "")}@example.com`;
  await register(page, "Rosa", unique("Codes"), email);
  await page.goto("/settings/security");
  await page.getByRole("button", { name: "Set up", exact: true }).click();
  const asks = page.getByRole("dialog", { name: "Is it you?" });
  const dialog = page.getByRole("dialog", { name: "Set up an authenticator app" });
  await expect(asks.or(dialog)).toBeVisible();
  if (await asks.isVisible()) {
    await asks.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
  }
  await expect(dialog).toBeVisible();
  const secret = (await dialog.locator("code").textContent()) ?? "";
  await dialog.getByLabel(CODE).fill(codeOf(secret));
  await page.keyboard.press("Enter");
  const kept = page.getByRole("dialog", { name: "Keep these recovery codes" });
  await expect(kept.getByRole("listitem")).toHaveCount(10);
  const [first = ""] = await kept.getByRole("listitem").allInnerTexts();
  await page.getByRole("button", { name: "I have kept them" }).click();
  await expect(kept).toBeHidden();

  await page.goto("/settings/sign-in");
  await page.getByRole("switch", { name: "Second factor for everybody" }).press("Space");
  await expect(page.getByText("1 of 1 members have one.")).toBeVisible();
  const invited = `${unique("asked").replace(/\W/g, "")}@example.com`;
  await page.goto("/settings/members");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByRole("dialog", { name: "Invite somebody" }).getByLabel("Email").fill(invited);
  await page.getByRole("button", { name: "Send invitation" }).click();
  await expect(page.getByText(invited).first()).toBeVisible();

  // Each code lets in once.
  for (const refusal of ["", "used before"]) {
    await logOut(page, "");
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "One more step" })).toBeVisible();
    await page.getByRole("button", { name: "Use a recovery code" }).click();
    await page.getByLabel("Recovery code").fill(first);
    await page.keyboard.press("Enter");
    if (refusal) await expect(page.getByLabel("Recovery code")).toHaveAccessibleDescription(new RegExp(refusal));
    else await expect(page).toHaveURL(/\/$/);
  }

  const other = await browser.newContext();
  const theirs = await other.newPage();
  await theirs.goto(await mailedLink(page.request, invited));
  await theirs.getByLabel("Your name").fill("Ines");
  await theirs.getByLabel("Password").fill(PASSWORD);
  await theirs.keyboard.press("Enter");
  await expect(theirs.getByRole("heading", { name: "Set up a second factor" })).toBeVisible();
  await expectAccessible(theirs);
  await theirs.goto("/workflows");
  await expect(theirs.getByRole("heading", { name: "Set up a second factor" })).toBeVisible();
  await other.close();
});

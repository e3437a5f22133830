import AxeBuilder from "@axe-core/playwright";
import { type APIRequestContext, expect, type Locator, type Page } from "@playwright/test";

/** The user of this run and worker, whose tenant is empty when it begins (tenant.ts). */
export const USER = {
  email: (process.env.STEPWEAVE_E2E_EMAILS ?? "").split(" ")[Number(process.env.TEST_PARALLEL_INDEX ?? "0")] ?? "",
  password: process.env.STEPWEAVE_E2E_PASSWORD ?? "",
};
/** The user who has the sample: only for tests of the sample itself. */
export const DEMO = { email: "demo@stepweave.dev", password: "stepweave-demo" };

/** Has a session begin, without the form (`pages.spec.ts` tests that), and opens the workflows. */
export async function logIn(page: Page, user: { email: string; password: string } = USER): Promise<void> {
  const session = await page.request.post("/api/auth/login", { data: user });
  if (!session.ok()) throw new Error(`${user.email} is not let in: ${session.status()} ${await session.text()}`);
  await page.goto("/workflows");
  await expect(page.getByRole("heading", { name: "Workflows" })).toBeVisible();
}

const MAIL = `http://127.0.0.1:${process.env.STEPWEAVE_MAIL_PORT ?? "8401"}`;

/** The path of the link in the latest mail to an address whose text has `words`, once it is there. */
export async function mailedLink(request: APIRequestContext, email: string, words = "#"): Promise<string> {
  let link = "";
  await expect(async () => {
    const mails = (await (await request.get(`${MAIL}/api/messages`)).json()) as { to: string[]; text: string }[];
    const text = mails.find((mail) => mail.to.includes(email) && mail.text.includes(words))?.text ?? "";
    link = /https?:\/\/[^/\s]+(\/[a-z-]+#\S+)/.exec(text)?.[1] ?? "";
    expect(link).not.toBe("");
  }).toPass();
  return link;
}

/** Registers somebody on the page, follows the link of the mail, and is at Home. */
export async function register(page: Page, name: string, workspace: string, email: string): Promise<void> {
  await page.goto("/register");
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Workspace").fill(workspace);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill("a-long-password");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { name: "Look into your mail" })).toBeVisible();
  await page.goto(await mailedLink(page.request, email));
  await page.getByLabel("Password").fill("a-long-password");
  await page.getByRole("button", { name: "Confirm and go on" }).click();
  await expect(page).toHaveURL(/\/$/);
}

/** A name nobody else has, so that tests do not meet each other's leftovers. */
export function unique(name: string): string {
  return `${name} ${Date.now().toString(36)}${Math.floor(Math.random() * 1e4).toString(36)}`;
}

export const card = (page: Page, name: string): Locator => page.locator(`[data-node="${name}"]`);

export async function expectState(page: Page, name: string, state: string): Promise<void> {
  await expect(card(page, name)).toHaveAttribute("data-state", state, { timeout: 30_000 });
}

export async function expectSaved(page: Page): Promise<void> {
  await expect(page.getByRole("status").filter({ hasText: /^Saved$/ })).toBeVisible();
}

/** Finds a workflow in the list by its name, wherever it stands there, and returns the link to it. */
export async function findWorkflow(page: Page, name: string): Promise<Locator> {
  await page.getByRole("searchbox").fill(name);
  const link = page.getByRole("link", { name });
  await expect(link).toBeVisible();
  return link;
}

/** Makes an empty workflow and opens the editor on it. */
export async function newWorkflow(page: Page, name: string): Promise<void> {
  if (new URL(page.url()).pathname !== "/workflows") await page.goto("/workflows");
  await page.getByRole("button", { name: "New workflow" }).click();
  await expect(page.getByRole("heading", { name: "Start with a trigger" })).toBeVisible();
  await page.getByLabel("Workflow name").fill(name);
  await page.getByLabel("Workflow name").press("Enter");
  await expectSaved(page);
}

/** Adds a node from the "+" of the only port that is open after `after`. */
export async function addAfter(page: Page, after: string, type: string): Promise<void> {
  await page
    .getByRole("button", { name: new RegExp(`^Add a node after ${after}`) })
    .first()
    .click();
  await page.getByRole("dialog", { name: "Add a node" }).getByRole("combobox").fill(type);
  await page.keyboard.press("Enter");
}

/** Writes into a code editor, in place of what is there. */
export async function writeCode(page: Page, label: string, text: string): Promise<void> {
  await page.getByRole("textbox", { name: label }).click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

/** Goes to something as who has no mouse does: by one key, until it has the focus. */
export async function tabTo(page: Page, wanted: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await expect(wanted).toBeVisible();
  for (let presses = 0; presses < 80; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  await expect(wanted).toBeFocused();
}

/** Waits until what fades or moves has come to rest: a colour on its way is nobody's choice. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(({ playState, effect }) => playState !== "running" || effect?.getComputedTiming().endTime === Infinity),
  );
}

/** Fails when axe finds anything serious or critical, once nothing moves. */
export async function expectAccessible(page: Page): Promise<void> {
  await settled(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
  expect(serious).toEqual([]);
}

/** What calls the API beside the page, as the user of this run. */
export async function besides(request: APIRequestContext) {
  const login = await request.post("/api/auth/login", { data: USER });
  const { accessToken } = (await login.json()) as { accessToken: string };
  const headers = { authorization: `Bearer ${accessToken}` };
  return async (path: string, data?: unknown, method = data === undefined ? "GET" : "POST") => {
    const answer = await request.fetch(path, { method, headers, ...(data === undefined ? {} : { data }) });
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  };
}

import { expect, test } from "@playwright/test";
import { card, expectSaved, expectState, logIn, newWorkflow, USER, unique } from "./support";

test("two people on one draft: neither loses what they typed", async ({ page, browser }) => {
  await logIn(page);
  const name = unique("Shared");
  await newWorkflow(page, name);
  const address = page.url();
  const other = await (await browser.newContext()).newPage();
  await logIn(other);
  await other.goto(address);
  await other.getByLabel("Workflow name").fill(`${name} theirs`);
  await other.getByLabel("Workflow name").press("Enter");
  await expectSaved(other);

  await page.getByLabel("Workflow name").fill(`${name} mine`);
  await page.getByLabel("Workflow name").press("Enter");
  await expect(page.getByRole("dialog", { name: "Somebody else saved this workflow" })).toBeVisible();
  await page.getByRole("button", { name: "Load theirs" }).click();
  await expect(page.getByLabel("Workflow name")).toHaveValue(`${name} theirs`);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByLabel("Workflow name")).toHaveValue(`${name} mine`);
  await expectSaved(page);
  await other.close();
});

test("what could not be saved is kept and offered again", async ({ page, context }) => {
  await logIn(page);
  const name = unique("Kept");
  await newWorkflow(page, name);
  await page.route("**/api/workflows/*", (route) =>
    route.request().method() === "PUT" ? route.abort() : route.continue(),
  );
  await page.getByLabel("Workflow name").fill(`${name} changed`);
  await page.getByLabel("Workflow name").press("Enter");
  await expect(page.getByText("Not saved, trying again")).toBeVisible();
  const address = page.url();
  await page.close();
  const again = await context.newPage();
  await again.goto(address);
  await again.getByRole("button", { name: "Restore them" }).click();
  await expect(again.getByLabel("Workflow name")).toHaveValue(`${name} changed`);
  await expectSaved(again);
});

test("a session that ends in the middle of an edit is renewed in place", async ({ page, context }) => {
  await logIn(page);
  const name = unique("Expired");
  await newWorkflow(page, name);
  await page.route("**/api/workflows/*", (route) => route.fulfill({ status: 401, json: { title: "No", status: 401 } }));
  await context.clearCookies();
  await page.getByLabel("Workflow name").fill(`${name} changed`);
  await page.getByLabel("Workflow name").press("Enter");
  const dialog = page.getByRole("dialog", { name: "Your session has ended" });
  await expect(dialog).toBeVisible();
  await page.unroute("**/api/workflows/*");
  await dialog.getByLabel("Password").fill(USER.password);
  await dialog.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByLabel("Workflow name")).toHaveValue(`${name} changed`);
  await expectSaved(page);
});

test("a run goes on being shown after the connection broke", async ({ page }) => {
  let connections = 0;
  let drop: (() => void) | null = null;
  await page.routeWebSocket(/\/live/, (socket) => {
    connections += 1;
    const server = socket.connectToServer();
    if (connections === 1) drop = () => void Promise.all([socket.close(), server.close()]);
  });
  await logIn(page);
  await newWorkflow(page, unique("Reconnect"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByTestId("run-status")).toBeVisible();
  drop = drop as (() => void) | null;
  drop?.();
  await expectState(page, "Run by hand", "succeeded");
  await expect(page.getByTestId("run-status")).toHaveText("Succeeded");
  await expect(card(page, "Run by hand")).toBeVisible();
});

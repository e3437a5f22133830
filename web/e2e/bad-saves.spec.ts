import { readFile } from "node:fs/promises";
import { expect, type Locator, type Page, type Route, test } from "@playwright/test";
import { BAD_ANSWERS, saves } from "./breaking";
import { expectAccessible, expectSaved, findWorkflow, logIn, newWorkflow, unique } from "./support";

const onSave = (answer: (route: Route) => Promise<unknown>) => (route: Route) =>
  route.request().method() === "PUT" ? answer(route) : route.continue();

const banner = (page: Page): Locator => page.locator("section").filter({ hasText: /kept|keep|deleted meanwhile/ });

async function rename(page: Page, name: string): Promise<void> {
  await page.getByLabel("Workflow name").fill(name);
  await page.getByLabel("Workflow name").press("Enter");
}

test.describe("a draft that", () => {
  test("is refused says why, stays, and is saved after the next change", async ({ page }) => {
    await logIn(page);
    const name = unique("Refused");
    await newWorkflow(page, name);
    const refusal = { title: "Wrong", detail: "Name it after a fruit.", status: 422, code: "invalid_workflow" };
    await page.route(
      saves,
      onSave((route) => route.fulfill({ status: 422, json: refusal })),
    );
    await rename(page, `${name} turnip`);
    await expect(page.getByRole("alert")).toContainText(
      "Name it after a fruit. Your changes are kept in this browser.",
    );
    await expectAccessible(page);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await expect(page.getByLabel("Workflow name")).toHaveValue(`${name} turnip`);
    await page.unroute(saves);
    await rename(page, `${name} apple`);
    await expectSaved(page);
    await expect(page.getByRole("alert")).toHaveCount(0);
    await page.reload();
    await expect(page.getByLabel("Workflow name")).toHaveValue(`${name} apple`);
  });

  for (const what of ["502 with HTML", "200 with HTML", "JSON of another shape"]) {
    test(`is answered with ${what} is tried again, on demand too`, async ({ page }) => {
      await logIn(page);
      const name = unique("Garbled");
      await newWorkflow(page, name);
      await page.route(saves, onSave(BAD_ANSWERS[what]?.answer ?? ((route) => route.abort())));
      await rename(page, `${name} changed`);
      await expect(banner(page)).toContainText(BAD_ANSWERS[what]?.told ?? "");
      await expect(banner(page)).toContainText("kept in this browser");
      await page.unroute(saves);
      await banner(page).getByRole("button", { name: "Try again", exact: true }).click();
      await expectSaved(page);
      await expect(banner(page)).toHaveCount(0);
    });
  }

  test("was saved though the answer got lost is no conflict", async ({ page }) => {
    await logIn(page);
    const name = unique("Lost answer");
    await newWorkflow(page, name);
    await page.route(
      saves,
      onSave(async (route) => {
        await route.fetch();
        await route.abort();
      }),
    );
    await rename(page, `${name} changed`);
    await expect(banner(page)).toContainText("Stepweave cannot be reached");
    await page.unroute(saves);
    await rename(page, `${name} changed twice`);
    await expectSaved(page);
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.reload();
    await expect(page.getByLabel("Workflow name")).toHaveValue(`${name} changed twice`);
  });

  test("takes for ever to save does not hold anybody who wants to leave", async ({ page }) => {
    await logIn(page);
    const name = unique("Hanging");
    await newWorkflow(page, name);
    const address = page.url();
    await page.route(
      saves,
      onSave(async () => undefined),
    );
    await rename(page, `${name} changed`);
    await page.getByRole("link", { name: "Workflows" }).click();
    const asked = page.getByRole("dialog", { name: "Leave without saving?" });
    await asked.getByRole("button", { name: "Stay" }).click();
    await expect(page.getByLabel("Workflow name")).toHaveValue(`${name} changed`);
    await page.getByRole("link", { name: "Workflows" }).click();
    await asked.getByRole("button", { name: "Leave" }).click();
    await expect(page.getByRole("heading", { name: "Workflows" })).toBeVisible();
    await page.goto(address);
    const restore = page.getByRole("button", { name: "Restore them" });
    await expect(restore).toBeVisible();
    await page.unroute(saves);
    await restore.click();
    await expect(page.getByLabel("Workflow name")).toHaveValue(`${name} changed`);
    await expectSaved(page);
  });

  test("lost its workflow becomes a new one", async ({ page, context }) => {
    await logIn(page);
    const name = unique("Deleted");
    await newWorkflow(page, name);
    const address = page.url();
    const other = await context.newPage();
    await other.goto("/workflows");
    await findWorkflow(other, name);
    await other.getByRole("button", { name: `Actions for ${name}` }).click();
    await other.getByRole("menuitem", { name: "Delete" }).click();
    await other.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await expect(other.getByRole("link", { name })).toHaveCount(0);
    await other.close();
    await rename(page, `${name} but dear`);
    await expect(page.getByRole("alert")).toContainText("deleted meanwhile");
    await page.getByRole("button", { name: "Save as a new workflow" }).click();
    await expect(page).not.toHaveURL(address);
    await expect(page.getByLabel("Workflow name")).toHaveValue(`${name} but dear`);
    await expectSaved(page);
  });

  test("fits neither the API nor this browser's storage is offered as a file", async ({ page }) => {
    await page.addInitScript(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      };
    });
    await logIn(page);
    const name = unique("Full");
    await newWorkflow(page, name);
    await page.route(
      saves,
      onSave((route) => route.abort()),
    );
    await rename(page, `${name} changed`);
    await expect(page.getByRole("alert")).toContainText("do not close this page before they are saved");
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    const text = await readFile(await (await saved).path(), "utf8");
    expect((JSON.parse(text) as { name: string }).name).toBe(`${name} changed`);
    await page.getByRole("link", { name: "Workflows" }).click();
    const asked = page.getByRole("dialog", { name: "Leave without saving?" });
    await expect(asked).toContainText("they are lost when you leave");
    await asked.getByRole("button", { name: "Stay" }).click();
    await page.unroute(saves);
    await page.getByRole("button", { name: "Try again", exact: true }).click();
    await expectSaved(page);
  });

  test("two tabs hold without a connection is kept for each of them", async ({ page, context }) => {
    await logIn(page);
    const name = unique("Tabs");
    await newWorkflow(page, name);
    const address = page.url();
    const other = await context.newPage();
    await other.goto(address);
    await expect(other.getByLabel("Workflow name")).toHaveValue(name);
    for (const [tab, typed] of [[page, "one"] as const, [other, "two"] as const]) {
      await tab.route(
        saves,
        onSave((route) => route.abort()),
      );
      await rename(tab, `${name} ${typed}`);
      await expect(banner(tab)).toContainText("kept in this browser");
    }
    await other.close();
    await page.close();
    const again = await context.newPage();
    await again.goto(address);
    await again.getByRole("button", { name: "Discard" }).click();
    await again.getByRole("button", { name: "Restore them" }).click();
    await expect(again.getByLabel("Workflow name")).toHaveValue(`${name} one`);
    await expectSaved(again);
  });
});

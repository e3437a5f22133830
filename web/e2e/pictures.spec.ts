import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { addAfter, card, expectAccessible, expectSaved, register as registerThere, unique } from "./support";

/** The pictures of the guides: written into docs/guides where STEPWEAVE_PICTURES says so, else only taken. */
const FOLDER = process.env.STEPWEAVE_PICTURES;

test("the pages are as the guides show them", async ({ page }, info) => {
  test.setTimeout(120_000);
  const picture = async (name: string) => {
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(FOLDER ?? info.outputDir, `${name}.png`), animations: "disabled" });
  };
  const open = async (name: string) => {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name }).first().click();
    await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  };
  await register(page);
  await page.getByRole("link", { name: "Go to workflows" }).click();
  await page.getByRole("button", { name: "Start from an example" }).click();
  await expect(card(page, "Needs approval")).toBeVisible();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByTestId("run-status")).toHaveText("Succeeded", { timeout: 30_000 });
  await expectAccessible(page);
  await picture("editor");
  await card(page, "Needs approval").dblclick();
  await expect(page.getByRole("dialog", { name: "Needs approval" }).getByRole("cell").first()).toBeVisible();
  await expectAccessible(page);
  await picture("node");
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Open as page" }).click();
  await expect(page.getByRole("button", { name: "Run again" })).toBeVisible();
  await picture("run");

  await page.goto("/workflows");
  await page.getByRole("button", { name: "New workflow" }).first().click();
  await page.getByLabel("Workflow name").fill("Morning report");
  await page.getByLabel("Workflow name").press("Enter");
  await page.getByRole("button", { name: /^Schedule/ }).click();
  await addAfter(page, "Schedule", "no operation");
  await expectSaved(page);
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("Version 1 is live").first()).toBeVisible();
  await page.goto("/schedules");
  await expect(page.getByRole("switch")).toBeVisible();
  await picture("schedules");
  await open("Workflows");
  await expect(page.getByRole("link", { name: "Morning report" })).toBeVisible();
  await picture("workflows");
  await open("Executions");
  await expect(page.getByRole("main").getByRole("listitem").first()).toBeVisible();
  await picture("executions");
  await open("Home");
  await expect(page.getByText("Morning report").first()).toBeVisible();
  await picture("home");
});

async function register(page: Page): Promise<void> {
  const tag = unique("pictures").replace(/\W/g, "");
  await registerThere(page, "Ada", "Analytical Engines", `${tag}@example.com`);
}

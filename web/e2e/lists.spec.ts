import { expect, test } from "@playwright/test";
import { addAfter, expectAccessible, expectSaved, expectState, logIn, newWorkflow, unique, writeCode } from "./support";

test.beforeEach(async ({ page }) => logIn(page));

test("a failure is on the home page at once, and is found by its state and by its words", async ({ page }) => {
  const name = unique("Fails");
  const words = unique("no such order");
  await newWorkflow(page, name);
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await addAfter(page, "Run by hand", "code");
  await writeCode(page, "JavaScript, code editor", `throw new Error('${words}');`);
  await expectSaved(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expectState(page, "Code", "failed");

  await page.goto("/");
  const row = page.getByRole("main").getByRole("listitem").filter({ hasText: name });
  await expect(row).toContainText(words);
  await expectAccessible(page);
  await page.getByRole("link", { name: /^Failed in a day/ }).click();
  await expect(page.getByRole("heading", { name: "Executions" })).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Status" })).toHaveText("Failed or timed out");
  await page.getByRole("searchbox", { name: "Text in the error" }).fill(words.toUpperCase());
  await expect(page).toHaveURL(/error=/);
  const found = page.getByRole("main").getByRole("listitem");
  await expect(found).toHaveCount(1);
  await expect(found).toContainText(name);
  await page.getByRole("combobox", { name: "Status" }).click();
  await page.getByRole("option", { name: "Succeeded" }).click();
  await expect(page.getByRole("heading", { name: "No execution matches" })).toBeVisible();
  await expectAccessible(page);
});

test("a schedule is listed with its next fires, paused, resumed, and stands in the calendar", async ({ page }) => {
  const name = unique("Mornings");
  await newWorkflow(page, name);
  await page.getByRole("button", { name: /^Schedule/ }).click();
  await addAfter(page, "Schedule", "no operation");
  await expectSaved(page);
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("Version 1 is live").first()).toBeVisible();
  await page.goto("/schedules");
  const row = page.getByRole("main").getByRole("listitem").filter({ hasText: name });
  await expect(row).toContainText("Next");
  await expectAccessible(page);
  await row.getByRole("switch").click();
  await expect(row).toContainText("Paused");
  await page.reload();
  await expect(row).toContainText("Paused");
  await row.getByRole("switch").click();
  await expect(row).toContainText("Next");
  await page.getByRole("button", { name: "Calendar" }).click();
  await page.getByRole("button", { name: "Next month" }).click();
  await expect(page.getByRole("link", { name: new RegExp(name) }).first()).toBeVisible();
  await expectAccessible(page);
});

test("the lists fit a narrow screen", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ["/", "/executions", "/schedules", "/schedules?view=calendar"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(wide, path).toBe(false);
  }
});

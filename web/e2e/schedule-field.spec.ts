import { expect, test } from "@playwright/test";
import { expectAccessible, expectSaved, logIn, newWorkflow, unique } from "./support";

test("a schedule says once what is wrong, and that the clocks change between its times", async ({ page }) => {
  await logIn(page);
  await newWorkflow(page, unique("Schedule"));
  await page.getByRole("button", { name: /^Schedule/ }).click();
  const field = page.locator("[data-field='params.expression']");
  await field.getByRole("textbox", { name: "When" }).fill("0 25 * * *");
  await expect(field.getByRole("textbox", { name: "When" })).toHaveAttribute("aria-invalid", "true");
  await expect(field.getByText("Hour: '25' is not from 0 to 23.")).toHaveCount(1);
  await expectAccessible(page);

  await field.getByRole("textbox", { name: "When" }).fill("0 9 1 1,7 *");
  await page.getByRole("combobox", { name: "Time zone" }).click();
  await page.keyboard.type("Europe/Berlin");
  await page.keyboard.press("Enter");
  await expect(field.getByText("Next times, in Europe/Berlin")).toBeVisible();
  await expect(field.getByRole("listitem").filter({ hasText: "Jan 1" }).first()).toContainText("9:00 AM GMT+1");
  await expect(field.getByRole("listitem").filter({ hasText: "Jul 1" }).first()).toContainText("9:00 AM GMT+2");
  await expect(field.getByText("The clocks change in between.")).toBeVisible();
  await expectAccessible(page);
  await expectSaved(page);
});

import { expect, test } from "@playwright/test";
import { expectAccessible, expectSaved, logIn, newWorkflow, unique } from "./support";

test("an app is found by what it does, and another resource has its own operation, which one undo takes back", async ({
  page,
}) => {
  await logIn(page);
  await newWorkflow(page, unique("App"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await page
    .getByRole("button", { name: /^Add a node after Run by hand/ })
    .first()
    .click();
  const dialog = page.getByRole("dialog", { name: "Add a node" });
  await dialog.getByRole("combobox").pressSequentially("create issue");
  await expect(dialog.getByRole("group", { name: "Apps" }).getByRole("option", { name: /GitHub/ })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Enter");

  const field = (name: string) => page.locator(`[data-field='params.${name}']`);
  const choose = async (name: string, option: string) => {
    await page.getByRole("combobox", { name }).click();
    await page.getByRole("option", { name: option, exact: true }).click();
  };
  await choose("Resource", "Issue");
  await expect(page.getByRole("combobox", { name: "Operation" })).toHaveText("Create");
  await field("issueCreateBody").getByRole("textbox").click();
  await page.keyboard.type("It is broken.");
  await choose("Resource", "Comment");
  await expect(page.getByRole("combobox", { name: "Operation" })).toHaveText("Create");
  await expect(field("commentCreateBody")).toContainText("It is broken.");
  await choose("Resource", "File");
  await expect(page.getByRole("combobox", { name: "Operation" })).toHaveText("Save");
  await expectSaved(page);

  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(page.getByRole("combobox", { name: "Resource" })).toHaveText("Comment");
  await expect(page.getByRole("combobox", { name: "Operation" })).toHaveText("Create");
  await expect(field("commentCreateBody")).toContainText("It is broken.");
  await expectAccessible(page);
});

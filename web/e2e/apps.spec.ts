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
  await expect(
    dialog.getByRole("group", { name: "Actions" }).getByRole("option", { name: /Issue: Create.*GitHub/ }),
  ).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Enter");

  const field = (name: string) => page.locator(`[data-field='params.${name}']`);
  const choose = async (name: string, option: string) => {
    await page.getByRole("combobox", { name }).click();
    await page.getByRole("option", { name: option, exact: true }).click();
  };
  await expect(page.getByRole("combobox", { name: "Resource" })).toHaveText("Issue");
  await expect(page.getByRole("combobox", { name: "Operation" })).toHaveText("Create");
  await field("issueCreateBody").getByRole("textbox").click();
  await page.keyboard.type("It is broken.");
  await choose("Resource", "Comment");
  await expect(page.getByRole("combobox", { name: "Operation" })).toHaveText("Create");
  await expect(field("commentCreateBody")).toContainText("It is broken.");
  await choose("Resource", "File");
  await expect(page.getByRole("combobox", { name: "Operation" })).toHaveText("Get");
  await expectSaved(page);

  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(page.getByRole("combobox", { name: "Resource" })).toHaveText("Comment");
  await expect(page.getByRole("combobox", { name: "Operation" })).toHaveText("Create");
  await expect(field("commentCreateBody")).toContainText("It is broken.");
  await expectAccessible(page);
});

test("an app opens in the palette, and what is chosen there is set up", async ({ page }) => {
  await logIn(page);
  await newWorkflow(page, unique("Palette"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await page
    .getByRole("button", { name: /^Add a node after Run by hand/ })
    .first()
    .click();
  const dialog = page.getByRole("dialog", { name: "Add a node" });
  const search = dialog.getByRole("combobox");
  await search.pressSequentially("github");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("heading", { name: "GitHub" })).toBeVisible();
  await expect(search).toBeFocused();
  await expect(search).toHaveValue("");
  await expectAccessible(page);

  await page.keyboard.press("Backspace");
  await expect(dialog.getByRole("heading", { name: "GitHub" })).toBeHidden();
  await expect(dialog.getByRole("option", { name: /^GitHub/, selected: true })).toBeVisible();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(dialog.getByRole("button", { name: "All nodes" })).toBeHidden();
  await page.keyboard.press("Enter");

  await search.pressSequentially("comment");
  await dialog.getByRole("group", { name: "Comment" }).getByRole("option", { name: "Create" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("combobox", { name: "Resource" })).toHaveText("Comment");
  await expect(page.getByRole("combobox", { name: "Operation" })).toHaveText("Create");
  await expectSaved(page);
});

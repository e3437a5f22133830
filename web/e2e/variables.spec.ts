import { expect, test } from "@playwright/test";
import { expectAccessible, logIn, unique } from "./support";

test("variables are made, changed and deleted", async ({ page }) => {
  await logIn(page);
  await page.goto("/settings");
  await page.getByRole("link", { name: "Variables", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Variables", level: 1 })).toBeVisible();
  const name = unique("shop").replace(/\W/g, "_");
  const row = page.getByRole("listitem").filter({ hasText: name });

  await page.getByRole("button", { name: "Add a variable" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("a-b");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Begin with a letter or _")).toBeVisible();
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Type").click();
  await page.getByRole("option", { name: "Object or list" }).click();
  await dialog.getByLabel("Value").fill("{most: 3}");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("This is no JSON object or list.")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByLabel("Value").fill('{"most": 3}');
  await dialog.getByLabel("What it is for").fill("How many orders at once");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(row).toContainText('{"most":3}');
  await expect(row).toContainText("How many orders at once");
  await expectAccessible(page);

  await page.getByRole("button", { name: `Change ${name}` }).click();
  await dialog.getByLabel("Value").fill('{"most": 4}');
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(row).toContainText('{"most":4}');

  await page.getByRole("button", { name: `Delete ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(row).toBeHidden();
});

import { expect, test } from "@playwright/test";
import { expectAccessible, register, unique } from "./support";

const PASSWORD = "a-long-password";

test("a workspace goes seven days after one asks and can be kept; an account takes its data along and goes", async ({
  page,
}) => {
  const email = `${unique("leaving").replace(/\W/g, "")}@example.com`;
  const workspace = unique("Leaving");
  await register(page, "Lea", workspace, email);
  await page.goto("/settings");
  await page.getByRole("button", { name: "Delete the workspace" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Write the workspace's name").fill("another");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Delete the workspace" }).click();
  await expect(dialog.getByLabel("Write the workspace's name")).toHaveAccessibleDescription(/name/);
  await dialog.getByLabel("Write the workspace's name").fill(workspace);
  await dialog.getByRole("button", { name: "Delete the workspace" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(/This workspace goes on/)).toBeVisible();
  await page.reload();
  await page.getByRole("button", { name: "Keep the workspace" }).click();
  await expect(page.getByText("The workspace stays").first()).toBeVisible();
  await expect(page.getByText(/This workspace goes on/)).toBeHidden();

  await page.goto("/settings");
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download my data" }).click();
  expect((await downloading).suggestedFilename()).toBe("my-data.json");
  await page.getByRole("button", { name: "Delete my account" }).click();
  await dialog.getByLabel("Your password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Delete my account" }).click();
  // Its only owner: the workspace would be nobody's.
  await expect(dialog.getByLabel("Your password")).toHaveAccessibleDescription(/owner/i);
});

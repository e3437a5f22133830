import { expect, test } from "@playwright/test";
import { expectAccessible, logIn, unique } from "./support";

test("prices of models are looked at, set, changed and deleted", async ({ page }) => {
  await logIn(page);
  await page.goto("/settings");
  await page.getByRole("link", { name: "AI prices", exact: true }).click();
  await expect(page.getByRole("heading", { name: "AI prices", level: 1 })).toBeVisible();
  const rows = page.getByRole("listitem");
  await expect(rows.filter({ hasText: "claude-opus-5-5" })).toContainText("$20.00");
  await expect(page.getByText("BerriAI/litellm")).toBeVisible();
  await expectAccessible(page);

  const model = unique("own/llama3:8b");
  await page.getByRole("button", { name: "Set a price" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Model").fill(model);
  await dialog.getByLabel("Output").fill("2,5");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Write a number like 2.5")).toBeVisible();
  await dialog.getByLabel("Output").fill("2.5");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Give a price of input")).toBeVisible();
  await dialog.getByLabel("Input", { exact: true }).fill("0");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();

  await page.getByLabel("Search by model").fill(model);
  await expect(rows.filter({ hasText: model })).toContainText("Yours");
  await expect(rows.filter({ hasText: model })).toContainText("$2.50");
  await page.getByRole("button", { name: `Set the price of ${model}` }).click();
  await dialog.getByLabel("Minute of audio").fill("0.003");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(rows.filter({ hasText: model })).toContainText("$0.003 a minute");

  await page.getByRole("button", { name: `Delete your price of ${model}` }).click();
  await expect(page.getByRole("dialog")).toContainText("has no price then");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("No model has this in its name")).toBeVisible();
});

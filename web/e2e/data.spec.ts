import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { besides, expectAccessible, logIn, unique } from "./support";

test("a table is made, filled and changed with the keyboard, and what does not fit is told", async ({ page }) => {
  const name = unique("People");
  await logIn(page);
  await page.goto("/data");
  await page.getByRole("button", { name: "New table" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill(name);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  for (const [column, type] of [
    ["Name", "Text"],
    ["Age", "Number"],
  ] as const) {
    await page.getByRole("button", { name: "Add column" }).first().click();
    await page.getByRole("dialog").getByRole("textbox").fill(column);
    await page.getByRole("combobox", { name: "Type" }).click();
    await page.getByRole("option", { name: type, exact: true }).click();
    await page.getByRole("button", { name: "Create" }).click();
    await expect(page.getByRole("columnheader", { name: new RegExp(`^${column}`) })).toBeVisible();
  }
  await page.getByRole("button", { name: "Add row" }).click();
  const cell = page.getByRole("gridcell", { name: "Name, row 1" });
  await cell.focus();
  await page.keyboard.type("Ada");
  await page.keyboard.press("Enter");
  await expect(cell).toHaveText("Ada");
  await expect(cell).toBeFocused();
  await page.keyboard.press("ArrowRight");
  const age = page.getByRole("gridcell", { name: "Age, row 1" });
  await expect(age).toBeFocused();
  await page.keyboard.type("seven");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("has the type number");
  await page.getByRole("textbox", { name: "Age, row 1" }).fill("9007199254740993");
  await page.keyboard.press("Enter");
  await expect(age).toHaveText("9007199254740993");
  await expectAccessible(page);
  await page.getByRole("combobox", { name: "Comparison" }).click();
  await page.getByRole("option", { name: "is", exact: true }).click();
  await page.getByRole("textbox", { name: "Value" }).fill("nobody");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await expect(page.getByText("No row matches the filter.")).toBeVisible();
  await page.getByRole("button", { name: "Clear filter" }).click();
  await page.getByRole("checkbox", { name: "Select row 1" }).click();
  await page.getByRole("button", { name: "Delete row" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("Add one here, or let a workflow insert it.")).toBeVisible();
});

test("a table takes a CSV file as Excel writes it, tells what does not fit, and gives one back", async ({
  page,
  request,
}) => {
  await logIn(page);
  const call = await besides(request);
  const made = await call("/api/tables", {
    name: unique("Orders"),
    columns: [
      { name: "Number", type: "number" },
      { name: "Note", type: "text" },
    ],
  });
  await page.goto(`/data/tables/${String(made.id)}`);
  const choose = async (text: string) => {
    await page.getByRole("button", { name: /^Actions for table/ }).click();
    await page.getByRole("menuitem", { name: "Import CSV" }).click();
    const file = { name: "orders.csv", mimeType: "text/csv", buffer: Buffer.from(text, "utf8") };
    await page.getByLabel("CSV file").setInputFiles(file);
  };
  await choose("Number;Note;Extra\r\n1;good;x\r\nmany;bad;y\r\n");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("alert")).toContainText("Line 3:");
  await expect(dialog.getByRole("button", { name: "Import", exact: true })).toBeDisabled();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(page.getByText("Add one here, or let a workflow insert it.")).toBeVisible();

  await choose('﻿Number;Note;Extra\r\n9007199254740993;"=1+1, ""said"" she\nand left";x\r\n2;ü;y\r\n');
  await expect(dialog.getByRole("combobox", { name: "Column for Extra" })).toContainText("Leave out");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Import 2 rows" }).click();
  await expect(page.getByRole("gridcell", { name: "Number, row 1" })).toHaveText("9007199254740993");
  await expect(page.getByRole("gridcell", { name: "Note, row 2" })).toHaveText("ü");
  await page.getByRole("button", { name: /^Actions for table/ }).click();
  const [given] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "Export as CSV" }).click(),
  ]);
  const text = await readFile(await given.path(), "utf8");
  expect(text).toContain('9007199254740993,"\'=1+1, ""said"" she\nand left"');
});

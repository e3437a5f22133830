import { expect, type Page, test } from "@playwright/test";
import { addAfter, DEMO, expectAccessible, expectSaved, logIn, newWorkflow, unique } from "./support";

// The sample's credential leads to a real Postgres.
test.beforeEach(async ({ page }) => logIn(page, DEMO));

const field = (page: Page, name: string) => page.getByRole("combobox", { name });

async function insertion(page: Page): Promise<void> {
  await newWorkflow(page, unique("Options"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await addAfter(page, "Run by hand", "postgres");
  await field(page, "Operation").click();
  await page.getByRole("option", { name: "Insert rows" }).click();
}

async function chooseDatabase(page: Page): Promise<void> {
  await field(page, "Database").click();
  await page.getByRole("option").first().click();
}

test("a table and its columns are chosen from the database itself, by keys alone", async ({ page }) => {
  await insertion(page);
  await field(page, "Table").click();
  await expect(page.getByText("Choose Database first.")).toBeVisible();
  await page.keyboard.press("Escape");
  await chooseDatabase(page);

  await field(page, "Table").focus();
  await page.keyboard.press("ArrowDown");
  const list = page.getByRole("listbox", { name: "Choices for Table" });
  await expect(list.getByRole("option").first()).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.type("ord");
  await expect(list.getByRole("option")).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(list).toBeHidden();
  await expect(field(page, "Table")).toHaveValue("orders");
  await expect(field(page, "Table")).toBeFocused();

  // The columns are a form with a row for each.
  const columns = page.locator("[data-field='params.columns']");
  const first = columns.getByRole("textbox").first();
  await expect(first).toBeVisible();
  await first.click();
  await page.keyboard.type("{{ $json.id");
  await expectSaved(page);
  await expectAccessible(page);
  await page.reload();
  await page.locator("[data-node='Postgres']").click();
  await expect(field(page, "Table")).toHaveValue("orders");
  await expect(columns.getByRole("textbox").first()).toContainText("$json.id");
});

test("what cannot be loaded is said at the field, and what was written stays", async ({ page }) => {
  await insertion(page);
  await chooseDatabase(page);
  await field(page, "Table").fill("no_such_table");
  await page.keyboard.press("Tab");
  const columns = page.locator("[data-field='params.columns']");
  await expect(columns.getByRole("alert")).toContainText("There is no table no_such_table.");
  await columns.getByRole("button", { name: "Add to Columns" }).click();
  await columns.getByRole("combobox", { name: "Column" }).fill("customer");
  await page.keyboard.press("Tab");
  await expectSaved(page);

  // The table is there after all: the row is the column's, whichever way it was written.
  await field(page, "Table").fill("orders");
  await page.keyboard.press("Tab");
  await expect(columns.getByRole("alert")).toBeHidden();
  await expect(columns.getByRole("button", { name: "Take fields of the same names" })).toBeVisible();
});

import { expect, test } from "@playwright/test";
import { expectAccessible, expectSaved, logIn, newWorkflow, unique } from "./support";

const DEMO = `http://127.0.0.1:${process.env.STEPWEAVE_DEMO_PORT ?? "8403"}`;

test("an API is added by its document, its operations are actions, and one is run", async ({ page, request }) => {
  const document = await (await request.get(`${DEMO}/openapi.json`)).text();
  const name = unique("Demo API");
  await logIn(page);
  await page.goto("/settings/apis");
  await page.getByRole("button", { name: "Add an API" }).click();
  const dialog = page.getByRole("dialog", { name: "Add an API" });
  await dialog.getByLabel("Document").fill("openapi: 3.1.0\npaths: [");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toContainText("The YAML is wrong at line 3, column 1");
  await expectAccessible(page);
  await dialog.getByLabel("Document").fill(document);
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: `Operations of ${name}` }).click();
  await expect(page.getByText("/lists/{name}").first()).toBeVisible();
  await expectAccessible(page);

  await newWorkflow(page, unique("Asks an API"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await page
    .getByRole("button", { name: /^Add a node after Run by hand/ })
    .first()
    .click();
  const picker = page.getByRole("dialog", { name: "Add a node" });
  await picker.getByRole("combobox").pressSequentially(name);
  await page.keyboard.press("Enter");
  await expect(picker.getByRole("heading", { name })).toBeVisible();
  await picker.getByRole("option", { name: /Add to a list/ }).click();
  const operation = page.locator("[data-field='params.operation']");
  await expect(operation).toContainText("Add to a list");
  await page.getByRole("tab", { name: "Docs" }).click();
  const docs = page.getByRole("region", { name: /^Add to a list/ });
  await expect(docs).toContainText("What it takes");
  await expect(docs).toContainText("title");
  await expectAccessible(page);
  await page.getByRole("tab", { name: "Parameters" }).click();
  const row = (list: string, label: string) =>
    page.locator(`[data-field='params.${list}']`).getByRole("textbox", { name: new RegExp(label) });
  await row("values", "name").click();
  await page.keyboard.type(`shelf-${Date.now()}`);
  await row("body", "title").click();
  await page.keyboard.type("Emma");
  await expectAccessible(page);
  await expectSaved(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByText("Succeeded").first()).toBeVisible();
  await expect(page.getByText("Emma").last()).toBeVisible();
});

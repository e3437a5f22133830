import { readFile } from "node:fs/promises";
import { expect, type Page, test } from "@playwright/test";
import { addAfter, expectAccessible, expectSaved, findWorkflow, logIn, newWorkflow, register, unique } from "./support";

const DOCUMENT = {
  schema: 1,
  nodes: [
    { id: "t", type: "manual_trigger", version: 1, name: "Start", params: {}, position: { x: 0, y: 0 } },
    { id: "a", type: "no_op", version: 1, name: "First step", params: {}, position: { x: 320, y: 0 } },
  ],
  edges: [{ id: "e", source: "t", target: "a" }],
};

/** Imports workflows through the page, as a person does. */
async function importWorkflows(page: Page, content: unknown): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Import" }).click();
  const text = typeof content === "string" ? content : JSON.stringify(content);
  await (await chooser).setFiles({ name: "w.json", mimeType: "application/json", buffer: Buffer.from(text) });
}

const row = (page: Page, name: string) => page.getByRole("main").getByRole("listitem").filter({ hasText: name });
const toolbar = (page: Page) => page.getByRole("toolbar", { name: "Selected workflows" });

async function chooseInRowMenu(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

test("workflows come from files, go to files, and what is no workflow of ours is told", async ({ page }) => {
  await logIn(page);
  await page.goto("/workflows");
  const name = unique("File");
  await importWorkflows(page, { ...DOCUMENT, name });
  await findWorkflow(page, name);
  const saved = page.waitForEvent("download");
  await chooseInRowMenu(page, name, "Export as file");
  const download = await saved;
  expect(download.suggestedFilename()).toBe(`${name.replace(/ /g, "-")}.json`);
  expect(JSON.parse(await readFile(await download.path(), "utf8"))).toEqual({ ...DOCUMENT, name });
  await importWorkflows(page, { ...DOCUMENT, name, schema: 9 });
  await expect(page.getByText(/of a newer Stepweave \(schema 9\).*Update Stepweave/).first()).toBeVisible();
  await importWorkflows(page, "<html>");
  await expect(page.getByText(/This is not JSON.*line 1, column 1/).first()).toBeVisible();
  await chooseInRowMenu(page, name, "Duplicate");
  await expect(row(page, `${name} (copy)`)).toBeVisible();
});

test("folders and tags put workflows in order, many at once", async ({ page }) => {
  await logIn(page);
  await page.goto("/workflows");
  const [stem, folder, tag] = [unique("Bulk"), unique("Folder"), unique("Tag")];
  const names = ["one", "two", "three"].map((part) => `${stem} ${part}`);
  await importWorkflows(page, { workflows: names.map((name) => ({ ...DOCUMENT, name })) });
  await page.getByRole("searchbox").fill(stem);
  await expect(page.getByRole("link", { name: stem })).toHaveCount(3);

  await page.getByRole("checkbox", { name: `Select ${names[0]}` }).click();
  await page.getByRole("checkbox", { name: `Select ${names[1]}` }).click();
  await expect(toolbar(page)).toContainText("2 selected");
  await toolbar(page).getByRole("button", { name: "Tags" }).click();
  await page.getByLabel("Name of the new tag").fill(tag);
  await page.getByRole("radio", { name: "Teal" }).press("Space");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("checkbox", { name: tag })).toBeChecked();
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
  await expect(row(page, names[0] as string)).toContainText(tag);
  await expect(row(page, names[2] as string)).not.toContainText(tag);
  // A name that is typed and not added is meant as well.
  const typed = unique("Typed");
  await toolbar(page).getByRole("button", { name: "Tags" }).click();
  await page.getByLabel("Name of the new tag").fill(typed);
  await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
  await expect(row(page, names[1] as string)).toContainText(typed);

  await toolbar(page).getByRole("button", { name: "Move" }).click();
  await page.getByRole("button", { name: "New folder" }).click();
  await page.getByLabel("Name").fill(folder);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Move here" }).click();
  await expect(row(page, names[1] as string)).toContainText(folder);
  await page.getByRole("navigation", { name: "Folders" }).getByRole("button", { name: folder, exact: true }).click();
  await expect(page.getByRole("link", { name: stem })).toHaveCount(2);
  await page.reload();
  await expect(page.getByRole("link", { name: stem })).toHaveCount(2);

  await page.getByRole("button", { name: /^Tags/ }).click();
  await page.getByRole("checkbox", { name: tag }).click();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/tag=/);
  await expect(page.getByRole("link", { name: stem })).toHaveCount(2);
  await expectAccessible(page);

  // A draft cannot be switched on: each result is told.
  await page.getByRole("checkbox", { name: "Select all shown" }).click();
  await toolbar(page).getByRole("button", { name: "Switch on" }).click();
  await expect(page.getByText(/is a draft: nothing starts it by itself/).first()).toBeVisible();
  await toolbar(page).getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("heading", { name: "No workflow matches" })).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).last().click();
  await expect(page.getByRole("heading", { name: "Nothing in this folder yet" })).toBeVisible();
});

test("a published workflow is switched off and on", async ({ page }) => {
  await logIn(page);
  await page.goto("/workflows");
  const name = unique("Switch");
  await importWorkflows(page, { ...DOCUMENT, name });
  await (await findWorkflow(page, name)).click();
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("Live · v1").first()).toBeVisible();
  await page.goto("/workflows");
  await findWorkflow(page, name);
  const toggle = page.getByRole("switch", { name: `${name} is on` });
  await toggle.click();
  await expect(toggle).not.toBeChecked();
  await expect(row(page, name)).toContainText("Switched off");
  await page.getByRole("combobox", { name: "Status" }).click();
  await page.getByRole("option", { name: "Switched off" }).click();
  await expect(page.getByRole("link", { name })).toBeVisible();
  await toggle.click();
  await expect(page.getByRole("heading", { name: "No workflow matches" })).toBeVisible();
});

test("versions are compared, one is restored into the draft and one made live again", async ({ page }) => {
  await logIn(page);
  await newWorkflow(page, unique("Versions"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await addAfter(page, "Run by hand", "no operation");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("Live · v1").first()).toBeVisible();
  await addAfter(page, "No operation", "limit");
  await expectSaved(page);
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("Live · v2").first()).toBeVisible();

  const open = async () => {
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Versions" }).click();
  };
  await open();
  const dialog = page.getByRole("dialog", { name: "Versions" });
  await expect(dialog.getByText("Version 2 and Draft do the same.")).toBeVisible();
  await dialog.getByRole("button", { name: /^Version 1/ }).click();
  await expect(dialog.getByText("1 added", { exact: true })).toBeVisible();
  await expect(dialog.getByRole("listitem").filter({ hasText: "Limit" }).filter({ hasText: "Added" })).toHaveCount(2);
  await expectAccessible(page);
  await dialog.getByRole("tab", { name: "Canvas" }).click();
  await expect(dialog.locator("[data-node]")).toHaveCount(3);
  await expect(dialog.getByLabel("Limit, Limit, Added")).toBeVisible();
  await expect(dialog.locator(".react-flow__edge.added")).toHaveCount(1);

  // Compared the other way round, what went is drawn where it stood.
  await dialog.getByRole("combobox", { name: "Compared with" }).click();
  await page.getByRole("option", { name: "Version 2" }).click();
  await expect(dialog.getByText("1 added", { exact: true })).toBeVisible();
  await dialog.getByRole("button", { name: "Name and note" }).click();
  const said = page.getByRole("dialog", { name: "Version 1", exact: true });
  await said.getByRole("textbox", { name: "Name" }).fill("Before the limit");
  await said.getByRole("textbox", { name: "Note" }).fill("What it was at first.");
  await expectAccessible(page);
  await said.getByRole("button", { name: "Save" }).click();
  await expect(said).toBeHidden();
  await expect(dialog.getByRole("button", { name: /^1 · Before the limit/ })).toContainText("What it was at first.");

  await dialog.getByRole("button", { name: "Restore into draft" }).click();
  await expect(page.locator("[data-node]")).toHaveCount(2);
  await expectSaved(page);
  await page.getByRole("button", { name: "Undo", exact: true }).first().click();
  await expect(page.locator("[data-node]")).toHaveCount(3);
  await expectSaved(page);

  await open();
  await dialog.getByRole("button", { name: /^1 · Before the limit/ }).click();
  await dialog.getByRole("button", { name: "Make live" }).click();
  await page
    .getByRole("dialog", { name: /Make version 1 live/ })
    .getByRole("button", { name: "Make live" })
    .click();
  await expect(dialog.getByRole("button", { name: /^1 · Before the limit Live/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("Live · v1").first()).toBeVisible();
});

test("the tour leads a new person to a workflow that ran, with the keyboard alone", async ({ page }) => {
  const tag = unique("tour").replace(/\W/g, "");
  await register(page, "Tour", `Workspace ${tag}`, `${tag}@example.com`);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Workflows" }).first().click();
  // Home offers the tour, too.
  await expect(page.getByRole("heading", { name: "Workflows", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Take the tour" }).click();

  const at = (title: string) => expect(page.getByRole("dialog", { name: title })).toBeVisible();
  await at("This is a workflow");
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await at("Every step comes from here");
  await page.keyboard.press("Enter");
  await at("Open a step");
  await page.locator(".react-flow__node", { has: page.locator('[data-node="Add tax"]') }).focus();
  await page.keyboard.press("Space");
  await at("This is what the step does");
  await page.getByRole("button", { name: "Next" }).press("Enter");
  await at("Now run it");
  await page.getByRole("button", { name: "Run", exact: true }).press("Enter");
  await at("Your first workflow ran");
  await page.getByRole("button", { name: "Done" }).press("Enter");
  await expect(page).not.toHaveURL(/tour/);
  await expect(page.getByTestId("run-status")).toHaveText("Succeeded");

  await page.goto("/settings");
  await page.getByLabel("Your name").fill("Grace");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Your name is changed").first()).toBeVisible();
  await page.goto("/settings/members");
  await expect(page.getByRole("listitem").filter({ hasText: "Grace" }).first()).toBeVisible();
  await expectAccessible(page);
  await page.goto("/settings/security");
  await page.getByRole("button", { name: "Log out everywhere" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Log out everywhere" }).click();
  await expect(page.getByRole("heading", { name: "Welcome back" })).toBeVisible();
});

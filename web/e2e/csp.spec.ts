import { expect, type Page, test } from "@playwright/test";
import { DEMO, findWorkflow, logIn } from "./support";

/** Collects what the browser refuses a page for its Content-Security-Policy. */
function refusedIn(page: Page): string[] {
  const refused: string[] = [];
  page.on("console", (message) => {
    if (/Content Security Policy|Permissions[- ]Policy|Cross-Origin-/i.test(message.text()))
      refused.push(message.text());
  });
  return refused;
}

test("no page of the app asks for what its policy refuses", async ({ page }) => {
  const refused = refusedIn(page);
  await page.goto("/login");
  await expect(page.getByRole("heading", { name: "Welcome back" })).toBeVisible();
  await logIn(page, DEMO);
  for (const name of ["Home", "Executions", "Schedules", "Approvals", "Data", "Credentials"]) {
    await page.getByRole("navigation").getByRole("link", { name }).click();
    await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  }
  await page.goto("/settings");
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  await page.goto("/workflows");
  await (await findWorkflow(page, "Order triage")).click();
  await page.locator("[data-node]").nth(1).click();
  await expect(page.getByRole("textbox", { name: "URL" })).toBeVisible(); // a code editor
  await page.getByRole("combobox").first().click(); // a list, with its scroll lock
  await expect(page.getByRole("listbox")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Escape");
  // What libraries write into <style> elements elsewhere is there: the editor's own styles, and the scroll lock.
  await expect(page.locator(".cm-editor").first()).toHaveCSS("display", "flex");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expect(page.locator("body")).toHaveCSS("overflow", "hidden");
  await page.keyboard.press("Escape");
  await page.goto("/executions");
  await expect(page.getByRole("heading", { name: "Executions", level: 1 })).toBeVisible();
  expect(refused).toEqual([]);
});

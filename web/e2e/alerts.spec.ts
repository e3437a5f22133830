import { expect, test } from "@playwright/test";
import { expectAccessible, logIn } from "./support";

test("a rule is made, tested and deleted, and a status page is shown by its link until it is taken back", async ({
  page,
  browser,
}) => {
  await logIn(page);
  await page.goto("/alerts?view=rules");
  await expect(page.getByRole("heading", { name: "Alerts" })).toBeVisible();
  await page.getByRole("button", { name: "Add a rule" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Add a rule" });
  const name = `Failures ${Date.now()}`;
  await dialog.getByLabel("Name").fill(name);
  await expectAccessible(page);
  // On a phone, too, all of it is within the dialog.
  await page.setViewportSize({ width: 390, height: 844 });
  const right = await dialog.evaluate((box) => box.getBoundingClientRect().right);
  for (const button of await dialog.getByRole("button", { name: /^Add / }).all()) {
    const place = await button.evaluate((one) => one.getBoundingClientRect().right);
    expect(place).toBeLessThanOrEqual(right);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  const row = page.getByRole("listitem").filter({ hasText: name });
  await expect(row).toContainText("Mail:");
  await row.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByText("The test arrived").first()).toBeVisible();
  await row.getByRole("button", { name: `More about ${name}` }).click();
  await page.getByRole("menuitem", { name: "What it said" }).click();
  const said = page.getByRole("dialog", { name: `What ${name} said` });
  await expect(said).toContainText(`Test of “${name}”`);
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(said).toBeHidden();
  await row.getByRole("button", { name: `More about ${name}` }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(row).toBeHidden();

  await page.goto("/alerts?view=status");
  await page.getByRole("button", { name: "Status page" }).click();
  const share = page.getByRole("dialog", { name: "Status page for others" });
  await share.getByLabel("Heading").fill("Shop");
  await share.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The status page is saved").first()).toBeVisible();
  await share.getByRole("button", { name: /Make a(nother)? link/ }).click();
  const link = await share.getByLabel("The link, told once").inputValue();
  await expectAccessible(page);
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(new URL(link).pathname);
  await expect(stranger.getByRole("heading", { name: "Shop" })).toBeVisible();
  await expectAccessible(stranger);
  await share.getByRole("button", { name: "Take the link back" }).click();
  await expect(page.getByText("The link shows nothing any more").first()).toBeVisible();
  await stranger.reload();
  await expect(stranger.getByRole("heading", { name: "There is no such status page" })).toBeVisible();
  await stranger.context().close();
});

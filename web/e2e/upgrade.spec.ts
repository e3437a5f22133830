import { expect, type Page, test } from "@playwright/test";
import { withFuture } from "../dev/future.mjs";
import { addAfter, card, expectAccessible, expectSaved, logIn, newWorkflow, unique } from "./support";

/** The stack's own catalogue, with a version 2 of Limit that no product node has yet. */
async function inTheFuture(page: Page): Promise<void> {
  await page.route("**/api/node-types", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: withFuture(await answer.json()) });
  });
}

test("a newer version of a node is offered with its words, taken, and taken back with one undo", async ({ page }) => {
  await logIn(page);
  await newWorkflow(page, unique("Older node"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await addAfter(page, "Run by hand", "limit");
  await page.getByRole("spinbutton").fill("7");
  await expectSaved(page);
  await expect(page.getByRole("complementary", { name: /Version 2/ })).toHaveCount(0);

  await inTheFuture(page);
  await page.reload();
  await card(page, "Limit").click();
  const offer = page.getByRole("complementary", { name: "Version 2 is available" });
  await expect(offer).toContainText("At most is the new name of Items");
  await expect(page.locator("[data-field='params.count']")).toBeVisible();
  await expectAccessible(page);
  await offer.getByRole("button", { name: "Update the node" }).press("Enter");
  await expect(page.getByText("“Limit” is version 2 now", { exact: true })).toBeVisible();
  await expect(offer).toHaveCount(0);
  await expect(page.locator("[data-field='params.atMost']").getByRole("spinbutton")).toHaveValue("7");
  await expectAccessible(page);

  await page.getByRole("button", { name: "Undo", exact: true }).last().click();
  await expect(offer).toBeVisible();
  await expect(page.locator("[data-field='params.count']").getByRole("spinbutton")).toHaveValue("7");
  await expectSaved(page);
});

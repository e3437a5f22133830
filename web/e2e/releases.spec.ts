import { expect, test } from "@playwright/test";
import { newOwner } from "./people";
import { addAfter, expectAccessible, expectSaved, logIn, mailedLink, unique } from "./support";

const PASSWORD = "a-long-password";

test("a second person approves what goes live: what was asked for, not the draft of now", async ({ page, browser }) => {
  // A workspace of its own: the setting is for all workflows of one.
  const tag = unique("eyes").replace(/\W/g, "");
  const owner = { email: `${tag}@example.com`, password: PASSWORD };
  const accessToken = await newOwner(page.request, owner, tag);
  const headers = { authorization: `Bearer ${accessToken}` };
  const editor = { email: `editor-${tag}@example.com`, password: PASSWORD };
  await page.request.post("/api/invitations", { headers, data: { email: editor.email, role: "editor" } });
  const invitation = (await mailedLink(page.request, editor.email)).split("#")[1];
  const accepted = await page.request.post("/api/auth/invitation/register", {
    data: { token: invitation, name: "Emil Editor", password: PASSWORD },
  });
  expect(accepted.ok()).toBe(true);
  const start = { id: "t", type: "manual_trigger", version: 1, name: "Run by hand", position: { x: 0, y: 0 } };
  const document = { schema: 1, name: "Orders", nodes: [start], edges: [] };
  const made = await page.request.post("/api/workflows", { headers, data: document });
  const { id } = (await made.json()) as { id: string };

  // The owner says that production needs it.
  await logIn(page, { email: owner.email, password: PASSWORD });
  await page.goto("/settings/environments");
  await page.getByRole("button", { name: "Change Production" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("switch", { name: "A second person approves what goes live" }).press("Space");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("listitem").filter({ hasText: "Production" })).toContainText("a second person approves");

  // The editor asks, and works on.
  const other = await browser.newContext();
  const theirs = await other.newPage();
  await logIn(theirs, editor);
  await theirs.goto(`/workflows/${id}`);
  await theirs.getByRole("button", { name: "Publish", exact: true }).click();
  const asking = theirs.getByRole("dialog", { name: "Ask to publish" });
  await asking.getByRole("textbox", { name: "Name" }).fill("First orders");
  await asking.getByRole("textbox", { name: "Note" }).fill("Sales waits for it.");
  await expectAccessible(theirs);
  await asking.getByRole("button", { name: "Ask for approval" }).click();
  await expect(asking).toBeHidden();
  await expect(theirs.getByText("Version 1 waits for its approval").first()).toBeVisible();
  await addAfter(theirs, "Run by hand", "no operation");
  await expectSaved(theirs);
  await theirs.getByRole("button", { name: "More", exact: true }).click();
  await theirs.getByRole("menuitem", { name: "Versions" }).click();
  const mine = theirs.getByRole("list", { name: "Versions that wait for an approval" });
  await expect(mine.getByRole("button", { name: "Take back" })).toBeVisible();
  await expect(mine.getByRole("button", { name: "Approve…" })).toBeHidden();

  // The owner finds it, looks at what it changes, and approves.
  await page.goto("/approvals");
  const waiting = page.getByRole("region", { name: "Versions that wait for an approval" });
  await expect(waiting).toContainText("Sales waits for it.");
  await expect(waiting.getByRole("heading", { name: "1 version waits for an approval" })).toBeVisible();
  const nav = page.getByRole("navigation", { name: "Main" });
  await expect(nav.getByRole("link", { name: "Approvals 1 for you to decide" })).toBeVisible();
  await expectAccessible(page);
  await waiting.getByRole("link", { name: /Orders/ }).click();
  const versions = page.getByRole("dialog", { name: "Versions" });
  await versions.getByRole("button", { name: "See what changes" }).click();
  await expect(versions.getByRole("region", { name: "1 · First orders" })).toBeVisible();
  await expectAccessible(page);
  await versions.getByRole("button", { name: "Approve…" }).click();
  const approve = page.getByRole("dialog", { name: "Approve version 1?" });
  await approve.getByRole("textbox", { name: "Comment" }).fill("Go.");
  await approve.getByRole("button", { name: "Approve" }).click();
  await expect(approve).toBeHidden();
  await expect(versions.getByRole("list", { name: "Versions that wait for an approval" })).toBeHidden();
  await expect(versions.getByRole("button", { name: /^1 · First orders Live/ })).toBeVisible();
  await expect(versions.getByText(`Production: Approved by ${tag}: Go.`)).toBeVisible();
  const live = await page.request.get(`/api/workflows/${id}/versions/1`, { headers });
  expect((await live.json()).document.nodes).toHaveLength(1);
  await other.close();
});

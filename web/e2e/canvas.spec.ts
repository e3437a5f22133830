import { expect, test } from "@playwright/test";
import { addAfter, card, expectAccessible, expectSaved, logIn, newWorkflow, unique } from "./support";

test.beforeEach(async ({ page }) => logIn(page));

test("notes and groups are written, coloured, moved, copied and taken back", async ({ page }) => {
  await newWorkflow(page, unique("Notes"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await addAfter(page, "Run by hand", "no operation");
  await page.getByRole("button", { name: "Add a note" }).click();
  const note = page.locator(".react-flow__node-note");
  await expect(note).toHaveCount(1);
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByRole("textbox", { name: "Text of the note" }).fill("Why this is **here**");
  await page.keyboard.press("Escape");
  await expect(note.locator("strong")).toHaveText("here");
  await page.getByRole("button", { name: "Colour: Blue" }).click();
  await expect(page.getByRole("button", { name: "Colour: Blue" })).toHaveAttribute("aria-pressed", "true");
  await expectAccessible(page);

  await page.keyboard.press("ControlOrMeta+d");
  await expect(note).toHaveCount(2);
  await page.keyboard.press("ControlOrMeta+z");
  await expect(note).toHaveCount(1);
  // With nothing focused it is undone here, too, and not in the field that was typed into last.
  await page.keyboard.press("ControlOrMeta+Shift+z");
  await expect(note).toHaveCount(2);
  const name = await page.getByLabel("Workflow name").inputValue();
  await page.waitForFunction(() => document.activeElement?.matches("[data-canvas]"));
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press("ControlOrMeta+z");
  await expect(note).toHaveCount(1);
  await expect(page.getByLabel("Workflow name")).toHaveValue(name);

  // A group moves what lies in it.
  await card(page, "Run by hand").click();
  await card(page, "No operation").click({ modifiers: ["Shift"] });
  await page.getByRole("button", { name: "Group", exact: true }).click();
  await page.getByRole("textbox", { name: "Title of the group" }).fill("First steps");
  await page.keyboard.press("Escape");
  await expect(note).toHaveCount(2);
  const before = await card(page, "No operation").boundingBox();
  const title = await note.filter({ hasText: "First steps" }).boundingBox();
  if (!before || !title) throw new Error("nothing to drag");
  await page.mouse.move(title.x + title.width / 2, title.y + 12);
  await page.mouse.down();
  await page.mouse.move(title.x + title.width / 2 + 60, title.y + 72, { steps: 5 });
  await page.mouse.up();
  await expect.poll(async () => (await card(page, "No operation").boundingBox())?.y).toBeGreaterThan(before.y + 30);
  await expectSaved(page);
  await page.reload();
  await expect(note.filter({ hasText: "First steps" })).toBeVisible();
  await expect(note.locator("strong")).toHaveText("here");
});

test("nodes are tidied up, lined up and seen on the map; undo takes it back", async ({ page }) => {
  await newWorkflow(page, unique("Tidy"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await addAfter(page, "Run by hand", "no operation");
  const two = card(page, "No operation");
  await two.click({ trial: true }); // waits until the view has come to rest
  const at = await two.boundingBox();
  if (!at) throw new Error("no node");
  await page.mouse.move(at.x + 100, at.y + 20);
  await page.mouse.down();
  await page.mouse.move(at.x + 60, at.y + 180, { steps: 6 });
  await page.mouse.up();
  await page.keyboard.press("Escape");
  const y = async (name: string) => Math.round((await card(page, name).boundingBox())?.y ?? 0);
  expect(await y("No operation")).toBeGreaterThan((await y("Run by hand")) + 60);
  await page.getByRole("button", { name: "Tidy up" }).click();
  await expect(page.getByText("Tidied up").first()).toBeVisible();
  await expect.poll(async () => (await y("No operation")) - (await y("Run by hand"))).toBe(0);
  await page.getByRole("button", { name: "Undo" }).first().click();
  await expect.poll(async () => (await y("No operation")) - (await y("Run by hand"))).toBeGreaterThan(60);

  await page.keyboard.press("ControlOrMeta+a");
  await page.getByRole("button", { name: "Top edges" }).click();
  await expect.poll(async () => (await y("No operation")) - (await y("Run by hand"))).toBe(0);
  await page.getByRole("button", { name: "Overview map" }).click();
  await expect(page.locator(".react-flow__minimap-node")).toHaveCount(2);
  await expectAccessible(page);
});

test("a node that is dropped on a connection goes onto it", async ({ page }) => {
  await newWorkflow(page, unique("Onto"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await addAfter(page, "Run by hand", "no operation");
  await page.keyboard.press("Escape");
  await card(page, "Run by hand").click({ trial: true });
  const [from, to] = [await card(page, "Run by hand").boundingBox(), await card(page, "No operation").boundingBox()];
  const canvas = page.getByLabel("Workflow canvas").first();
  const box = await canvas.boundingBox();
  if (!from || !to || !box) throw new Error("nothing to drop on");
  await page.getByRole("option", { name: /^Set fields/ }).dragTo(canvas, {
    targetPosition: { x: (from.x + from.width + to.x) / 2 - box.x, y: from.y + from.height / 2 - box.y },
  });
  await expect(card(page, "Set fields")).toBeVisible();
  await expect(page.getByRole("group", { name: "Run by hand → Set fields" })).toBeAttached();
  await expect(page.getByRole("group", { name: "Set fields → No operation" })).toBeAttached();
  await expect(page.getByRole("group", { name: "Run by hand → No operation" })).toHaveCount(0);
});

test("the command palette adds nodes, finds them, and does what it says, by keyboard alone", async ({ page }) => {
  await newWorkflow(page, unique("Commands"));
  await page.keyboard.press("ControlOrMeta+k");
  const search = page.getByRole("dialog", { name: "Commands" }).getByRole("combobox");
  await search.fill("add run by hand");
  await page.keyboard.press("Enter");
  await expect(card(page, "Run by hand")).toBeVisible();
  await page.keyboard.press("ControlOrMeta+k");
  await search.fill("add no operation");
  await page.keyboard.press("Enter");
  await expect(card(page, "No operation")).toBeVisible();
  await expect(page.locator("[data-testid^=rf__edge]")).toHaveCount(1);
  await page.keyboard.press("ControlOrMeta+k");
  await expectAccessible(page);
  await search.fill("run by hand");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Rename" })).toHaveValue("Run by hand");
  await page.keyboard.press("ControlOrMeta+k");
  await search.fill("undo");
  await page.keyboard.press("Enter");
  await expect(card(page, "No operation")).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+k");
  await search.fill("executions");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/executions/);
});

test("nodes are reached and connected by keyboard alone, and the palette begins with what was used last", async ({
  page,
}) => {
  await newWorkflow(page, unique("Keys"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await expect(card(page, "Run by hand")).toBeVisible();
  const palette = page.getByRole("dialog", { name: "Add a node" });
  const add = async (typed: string, name: string) => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("a");
    await expect(palette.getByRole("combobox")).toBeFocused();
    await page.keyboard.type(typed);
    await page.keyboard.press("Enter");
    await expect(palette).toBeHidden();
    await expect(card(page, name)).toBeVisible();
  };
  await add("if", "If");
  await page.keyboard.press("Escape");
  await page.keyboard.press("a");
  await expect(palette.getByRole("group", { name: "Recently used" }).getByRole("option")).toHaveText([
    /^If/,
    /^Run by hand/,
  ]);
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(palette).toBeHidden();
  await add("no operation", "No operation");
  await page.keyboard.press("Escape");
  const lines = page.locator("[data-testid^=rf__edge]");
  await expect(lines).toHaveCount(0);

  // From nowhere one comes to the first node; from there by connections and by places.
  await page.keyboard.press("ControlOrMeta+ArrowRight");
  const focused = page.locator(".react-flow__node:focus [data-node]");
  await expect(focused).toHaveAttribute("data-node", "Run by hand");
  await page.keyboard.press("c");
  const list = page.getByRole("dialog", { name: "Connect Run by hand" });
  await expect(list.getByRole("option")).toHaveText([/^If/, /^No operation/]);
  await expectAccessible(page);
  await page.keyboard.type("if");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Connected Run by hand to If").first()).toBeVisible();
  await expect(lines).toHaveCount(1);
  await page.keyboard.press("ControlOrMeta+ArrowRight");
  await expect(focused).toHaveAttribute("data-node", "If");
  await page.keyboard.press("c");
  const second = page.getByRole("dialog", { name: "Connect If" });
  await expect(second.getByRole("combobox")).toBeFocused();
  await page.keyboard.type("false no operation");
  await expect(second.getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("group", { name: "If → No operation" })).toBeAttached();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(lines).toHaveCount(1);
});

test("what is done with a node most is at the mouse, all of it at a finger that rests on it", async ({ page }) => {
  await newWorkflow(page, unique("Tools"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await addAfter(page, "Run by hand", "no operation");
  await card(page, "No operation").hover();
  const tools = page.getByRole("toolbar", { name: "Actions for No operation" });
  await tools.getByRole("button", { name: "Disable" }).click();
  await expect(card(page, "No operation")).toHaveClass(/is-muted/);
  await tools.getByRole("button", { name: "Enable" }).click();
  await expect(card(page, "No operation")).not.toHaveClass(/is-muted/);
  await expectAccessible(page);
  await tools.getByRole("button", { name: "Run this node" }).click();
  await expect(card(page, "No operation")).toHaveAttribute("data-state", "succeeded");
  await card(page, "No operation").hover();
  await tools.getByRole("button", { name: "More actions" }).click();
  await expect(page.getByRole("menu").getByRole("menuitem", { name: "Duplicate" })).toBeVisible();
  await page.keyboard.press("Escape");
  await card(page, "Run by hand").hover();
  await expect(tools).toBeHidden();

  const box = await card(page, "No operation").boundingBox();
  if (!box) throw new Error("The node is not on the canvas.");
  const touch = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [at] });
  await expect(page.getByRole("menu", { name: "Actions for No operation" })).toBeVisible();
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(card(page, "No operation")).toHaveCount(0);
});

test("seen from far, cards keep what can be read", async ({ page }) => {
  await newWorkflow(page, unique("Far"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  const name = card(page, "Run by hand").locator(".node-name");
  const handle = card(page, "Run by hand").locator(".react-flow__handle");
  await expect(handle).toBeVisible();
  await page.mouse.move(640, 300);
  await page.keyboard.down("Control");
  const size = async () => Number((await name.evaluate((text) => getComputedStyle(text).fontSize)).replace("px", ""));
  const before = await size();
  await expect(async () => {
    await page.mouse.wheel(0, 60);
    await expect(handle).toBeHidden({ timeout: 300 });
  }).toPass();
  await expect.poll(size).toBeGreaterThan(before);
  for (let step = 0; step < 12; step += 1) await page.mouse.wheel(0, 120);
  await expect(name).toBeHidden();
  await page.keyboard.up("Control");
  await page.keyboard.press("f");
  await expect(handle).toBeVisible();
  await expect.poll(size).toBe(before);
});

test("nodes and notes are copied from one workflow into another", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await newWorkflow(page, unique("From"));
  await page.getByRole("button", { name: /^Run by hand/ }).click();
  await addAfter(page, "Run by hand", "no operation");
  await page.getByRole("button", { name: "Add a note" }).click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("ControlOrMeta+c");
  await expectSaved(page);
  await newWorkflow(page, unique("To"));
  await page.keyboard.press("ControlOrMeta+v");
  await expect(page.locator("[data-node]")).toHaveCount(2);
  await expect(page.locator(".react-flow__node-note")).toHaveCount(1);
  await expect(page.locator("[data-testid^=rf__edge]")).toHaveCount(1);
  await page.keyboard.press("ControlOrMeta+x");
  await expect(page.locator("[data-node]")).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+z");
  await expect(page.locator("[data-node]")).toHaveCount(2);
});

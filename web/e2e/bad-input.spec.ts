import { expect, type Locator, type Page, test } from "@playwright/test";
import { saves } from "./breaking";
import { addAfter, card, expectSaved, logIn, newWorkflow, unique } from "./support";

/** Pastes text onto the canvas as the browser does. */
async function paste(page: Page, text: string): Promise<void> {
  await page.locator(".react-flow__pane").click({ position: { x: 30, y: 30 } });
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

async function importFile(page: Page, text: string): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Import" }).click();
  await (await chooser).setFiles({ name: "w.json", mimeType: "application/json", buffer: Buffer.from(text) });
}

const toast = (page: Page, text: RegExp): Locator => page.getByRole("listitem").filter({ hasText: text }).first();

test.describe("what comes from outside", () => {
  const node = (more: Record<string, unknown> = {}) => ({ id: "a", type: "no_op", name: "Pasted", ...more });
  const nodes = (...list: unknown[]) => JSON.stringify({ schema: 1, name: "W", nodes: list, edges: [] });
  const PASTES: [what: string, text: string, told: RegExp][] = [
    ["prose", "Dear Ada, please find attached", /The clipboard holds no nodes/],
    ["JSON of something else", '{"name": "left-pad", "dependencies": {}}', /The clipboard holds no nodes/],
    ["half of a workflow", nodes(node()).slice(0, 40), /This is not JSON.*line 1, column 41/],
    ["a newer workflow", '{"schema": 99, "name": "W", "nodes": [{}]}', /newer Stepweave \(schema 99\).*Update/],
    ["a broken node", nodes(node({ position: [1, 2] })), /Node 1 \(“Pasted”\): “position” must have numbers x and y/],
    ["two nodes in one", nodes(node(), node({ name: "Twin" })), /Node 2 \(“Twin”\): “id” is there twice/],
    ["20 MB", nodes(node({ params: { text: "x".repeat(20 * 1024 ** 2) } })), /This has 20\.0 MB.*at most 2 MB/],
  ];

  test("is pasted as nodes, or said to be none", async ({ page }) => {
    await logIn(page);
    await newWorkflow(page, unique("Paste"));
    for (const [what, text, told] of PASTES) {
      await paste(page, text);
      await expect(toast(page, told), what).toBeVisible();
      await expect(page.locator("[data-node]"), what).toHaveCount(0);
    }
    await paste(page, nodes(node({ type: "from_the_future", version: 7 })));
    await expect(card(page, "Pasted")).toContainText("from_the_future");
    await expectSaved(page);
    await page.getByRole("button", { name: /issues?$/ }).click();
    await expect(page.getByText(/from_the_future/).first()).toBeVisible();
  });

  test("is imported, or said what is wrong and where", async ({ page }) => {
    await logIn(page);
    await page.goto("/workflows");
    const long = nodes(node({ name: "n".repeat(500) }));
    const FILES: [text: string, told: RegExp][] = [
      [`{"name": "x",\n "nodes": [,]}`, /not JSON.*line 2, column 12/],
      ['{"name": "package", "version": "1.0.0"}', /no Stepweave workflow/],
      [nodes(node({ params: 5 })), /Node 1 \(“Pasted”\): “params” must be an object/],
      [`{"workflows": [${nodes(node())}, ${nodes({})}]}`, /Workflow 2 \(“W”\): Node 1: “id” must be/],
      [long, /nodes\.0\.name.*120/],
    ];
    for (const [text, told] of FILES) {
      await importFile(page, text);
      await expect(toast(page, told)).toBeVisible();
    }
  });

  test("is a workflow of a newer version in an older tab: told, not broken", async ({ page }) => {
    await logIn(page);
    await newWorkflow(page, unique("Newer"));
    await page.route(saves, async (route) => {
      const answer = await route.fetch();
      const workflow = (await answer.json()) as { document: Record<string, unknown> };
      workflow.document = { ...workflow.document, schema: 2, nodes: { grouped: true } };
      await route.fulfill({ json: workflow });
    });
    await page.reload();
    const told = page.getByRole("alert");
    await expect(told).toContainText("This was made by a newer Stepweave");
    await expect(told).toContainText("Reload the page");
  });
});

const NAMES = {
  markup: `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`,
  "right to left": "\u202egnp.exe \u2067שלום\u2069 عربى",
  emoji: "👩🏽‍🚀🏳️‍🌈 Ünïcödé 🧵",
  "no spaces": "w".repeat(500),
};

test.describe("names of", () => {
  for (const [kind, text] of Object.entries(NAMES)) {
    test(`${kind} are shown as they are, everywhere`, async ({ page }) => {
      test.slow();
      await logIn(page);
      // The longest each thing takes; a stamp first, so that it can be found again.
      const stamp = unique("N").replaceAll(" ", "-");
      const called = (what: string, most: number) => `${what}${stamp} ${text}`.slice(0, most).trim();
      const [workflow, nodeName] = [called("W", 200), called("N", 120)];
      const [tag, folder] = [called("T", 40), called("F", 80)];
      await newWorkflow(page, workflow);
      await page.getByRole("button", { name: /^Run by hand/ }).click();
      await addAfter(page, "Run by hand", "No operation");
      await page.keyboard.press("F2");
      await page.keyboard.insertText(nodeName);
      await page.keyboard.press("Enter");
      await expect(page.locator(`[data-node^="N${stamp}"]`)).toHaveAttribute("data-node", nodeName);
      await page.locator(".react-flow__pane").click({ position: { x: 30, y: 30 } });
      await page.getByRole("button", { name: "Add a note" }).click();
      await page.getByRole("button", { name: "Edit", exact: true }).click();
      await page
        .getByRole("textbox", { name: "Text of the note" })
        .fill(`# ${text}\n\n[x](javascript:alert(1)) ${text}`);
      await page.keyboard.press("Escape");
      await expectSaved(page);
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await expect(page.getByTestId("run-status")).toHaveText("Succeeded");

      await page.getByRole("link", { name: "Workflows" }).click();
      await page.getByRole("searchbox").fill(stamp);
      await page.getByRole("checkbox", { name: `Select W${stamp}` }).click();
      const toolbar = page.getByRole("toolbar", { name: "Selected workflows" });
      await toolbar.getByRole("button", { name: "Tags" }).click();
      await page.getByLabel("Name of the new tag").fill(tag);
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
      await toolbar.getByRole("button", { name: "Move" }).click();
      await page.getByRole("button", { name: "New folder" }).click();
      await page.getByLabel("Name").fill(folder);
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByRole("button", { name: "Move here" }).click();
      const row = page
        .getByRole("main")
        .getByRole("listitem")
        .filter({ hasText: `W${stamp}` });
      await expect(row.filter({ hasText: `T${stamp}` })).toBeVisible();
      await expect(page.getByRole("navigation", { name: "Folders" })).toContainText(`F${stamp}`);

      const editor = await page
        .getByRole("link", { name: `W${stamp}` })
        .first()
        .getAttribute("href");
      await page.goto("/executions");
      const run = await page
        .locator('a[href^="/executions/"]')
        .filter({ hasText: `W${stamp}` })
        .getAttribute("href");
      await page.setViewportSize({ width: 390, height: 844 });
      for (const path of ["/workflows", "/executions", editor ?? "", run ?? ""]) {
        await page.goto(path);
        await expect(
          page
            .getByText(stamp)
            .or(page.locator(`[data-node*="${stamp}"]`))
            .first(),
          path,
        ).toBeAttached();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(wide, `${path} is wider than the window`).toBeLessThanOrEqual(0);
      }
      expect(await page.evaluate(() => "hacked" in window)).toBe(false);
      expect(await page.locator('img[src="x"]').count()).toBe(0);
    });
  }
});

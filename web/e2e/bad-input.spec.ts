import { readFile } from "node:fs/promises";
import { expect, type Locator, type Page, type Route, test } from "@playwright/test";
import {
  addAfter,
  card,
  expectAccessible,
  expectSaved,
  findWorkflow,
  logIn,
  newWorkflow,
  USER,
  unique,
} from "./support";

/** Requests of the app to the API; those of `except` go through. */
function api(except?: RegExp): (url: URL) => boolean {
  return ({ pathname }) => pathname.startsWith("/api/") && !except?.test(pathname);
}

const notLogin = api(/\/auth\//);
const saves = ({ pathname }: URL) => /^\/api\/workflows\/[^/]+$/.test(pathname);
const onSave = (answer: (route: Route) => Promise<unknown>) => (route: Route) =>
  route.request().method() === "PUT" ? answer(route) : route.continue();

const HTML = "<html><body><h1>Bad gateway</h1></body></html>";
const BAD_ANSWERS: Record<string, { told: RegExp; answer: (route: Route) => Promise<unknown> }> = {
  "502 with HTML": {
    told: /Stepweave had a problem/,
    answer: (route) => route.fulfill({ status: 502, contentType: "text/html", body: HTML }),
  },
  "200 with HTML": {
    told: /The answer made no sense/,
    answer: (route) => route.fulfill({ status: 200, contentType: "text/html", body: HTML }),
  },
  "half of a JSON": {
    told: /is not JSON/,
    answer: (route) => route.fulfill({ status: 200, contentType: "application/json", body: '{"items": [' }),
  },
  "JSON of another shape": {
    told: /is not what it should be/,
    answer: (route) => route.fulfill({ json: { items: "none", nodes: 5 } }),
  },
  "no connection": {
    told: /Stepweave cannot be reached/,
    answer: (route) => route.abort("connectionrefused"),
  },
};

const banner = (page: Page): Locator => page.locator("section").filter({ hasText: /kept|keep|deleted meanwhile/ });

async function rename(page: Page, name: string): Promise<void> {
  await page.getByLabel("Workflow name").fill(name);
  await page.getByLabel("Workflow name").press("Enter");
}

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

test.describe("an API that", () => {
  for (const [what, { told, answer }] of Object.entries(BAD_ANSWERS)) {
    test(`answers with ${what} is told on every page, and tried again`, async ({ page }) => {
      await logIn(page);
      await newWorkflow(page, unique("Reachable"));
      const editor = new URL(page.url()).pathname;
      await page.route(notLogin, answer);
      for (const path of ["/", "/workflows", "/executions", "/schedules", "/approvals", "/credentials", editor]) {
        await page.goto(path);
        await expect(page.getByRole("alert").filter({ hasText: told }), path).toBeVisible();
        await expect(page.getByText(/Unexpected|SyntaxError|undefined|is not a function/), path).toHaveCount(0);
      }
      await expect(page.getByRole("link", { name: "Workflows" })).toBeVisible();
      await expectAccessible(page);
      await page.unroute(notLogin);
      await page.getByRole("button", { name: "Try again" }).click();
      await expect(page.getByRole("heading", { name: "Start with a trigger" })).toBeVisible();
    });
  }

  test("never answers is told in the end, and waited for aloud until then", async ({ page }) => {
    await page.clock.install();
    await logIn(page);
    await page.route(notLogin, () => undefined);
    const asked = page.waitForRequest((request) => new URL(request.url()).pathname === "/api/workflows");
    await page.goto("/workflows");
    await asked;
    await expect(page.getByRole("status", { name: "Loading" })).toBeVisible();
    await page.clock.fastForward(6_000);
    await expect(page.getByText("Still waiting.")).toBeVisible();
    await page.clock.fastForward(31_000);
    await expect(page.getByRole("alert")).toContainText("Stepweave takes too long to answer");
    await page.unroute(notLogin);
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("searchbox")).toBeVisible();
    await expect(page.getByRole("alert")).toHaveCount(0);
  });

  test("answers garbage to a login leaves the form with what was typed", async ({ page }) => {
    await page.goto("/login");
    await page.route(api(), (route) => route.fulfill({ contentType: "text/html", body: HTML }));
    await page.getByLabel("Email").fill(USER.email);
    await page.getByLabel("Password").fill(USER.password);
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page.getByRole("alert")).toContainText("The answer made no sense");
    await page.unroute(api());
    await page.unrouteAll();
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page.getByRole("heading", { name: "Home" })).toBeVisible();
  });

  test("breaks one page leaves the others, and the page can be tried again", async ({ page }) => {
    await logIn(page);
    await newWorkflow(page, unique("Crash"));
    await page.getByRole("button", { name: /^Run by hand/ }).click();
    await expectSaved(page);
    const types = ({ pathname }: URL) => pathname === "/api/node-types";
    const broken = { nodes: [{ type: "manual_trigger", version: 1 }], credentials: [] };
    await page.route(types, (route) => route.fulfill({ json: broken }));
    await page.reload();
    await expect(page.getByRole("heading", { name: "This page stopped working" })).toBeVisible();
    await expectAccessible(page);
    await page.unroute(types);
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(card(page, "Run by hand")).toBeVisible();
  });
});

test.describe("a part of the app that cannot be loaded", () => {
  test("is a page: the others stay, and it can be tried again", async ({ page }) => {
    await logIn(page);
    await page.route(/SettingsPage/, (route) => route.abort());
    await page.getByRole("link", { name: "Settings" }).first().click();
    await expect(page.getByRole("alert")).toContainText("This part of the app could not be loaded");
    await expect(page.getByRole("link", { name: "Executions" }).first()).toBeVisible();
    await expectAccessible(page);
    await page.unroute(/SettingsPage/);
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  });

  test("is within a page: the rest of it stays, and it can be tried again", async ({ page }) => {
    await logIn(page);
    await newWorkflow(page, unique("Part"));
    await page.route(/CodeEditor/, (route) => route.abort());
    await page.getByRole("button", { name: /^Run by hand/ }).click();
    await expect(page.getByRole("alert")).toContainText("This part of the app could not be loaded");
    await page.unroute(/CodeEditor/);
    await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("textbox", { name: "Start with, code editor" })).toBeVisible();
    await expectSaved(page);
  });
});

test.describe("a draft that", () => {
  test("is refused says why, stays, and is saved after the next change", async ({ page }) => {
    await logIn(page);
    const name = unique("Refused");
    await newWorkflow(page, name);
    const refusal = { title: "Wrong", detail: "Name it after a fruit.", status: 422, code: "invalid_workflow" };
    await page.route(
      saves,
      onSave((route) => route.fulfill({ status: 422, json: refusal })),
    );
    await rename(page, `${name} turnip`);
    await expect(page.getByRole("alert")).toContainText(
      "Name it after a fruit. Your changes are kept in this browser.",
    );
    await expectAccessible(page);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await expect(page.getByLabel("Workflow name")).toHaveValue(`${name} turnip`);
    await page.unroute(saves);
    await rename(page, `${name} apple`);
    await expectSaved(page);
    await expect(page.getByRole("alert")).toHaveCount(0);
    await page.reload();
    await expect(page.getByLabel("Workflow name")).toHaveValue(`${name} apple`);
  });

  for (const what of ["502 with HTML", "200 with HTML", "JSON of another shape"]) {
    test(`is answered with ${what} is tried again, on demand too`, async ({ page }) => {
      await logIn(page);
      const name = unique("Garbled");
      await newWorkflow(page, name);
      await page.route(saves, onSave(BAD_ANSWERS[what]?.answer ?? ((route) => route.abort())));
      await rename(page, `${name} changed`);
      await expect(banner(page)).toContainText(BAD_ANSWERS[what]?.told ?? "");
      await expect(banner(page)).toContainText("kept in this browser");
      await page.unroute(saves);
      await banner(page).getByRole("button", { name: "Try again", exact: true }).click();
      await expectSaved(page);
      await expect(banner(page)).toHaveCount(0);
    });
  }

  test("was saved though the answer got lost is no conflict", async ({ page }) => {
    await logIn(page);
    const name = unique("Lost answer");
    await newWorkflow(page, name);
    await page.route(
      saves,
      onSave(async (route) => {
        await route.fetch();
        await route.abort();
      }),
    );
    await rename(page, `${name} changed`);
    await expect(banner(page)).toContainText("Stepweave cannot be reached");
    await page.unroute(saves);
    await rename(page, `${name} changed twice`);
    await expectSaved(page);
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.reload();
    await expect(page.getByLabel("Workflow name")).toHaveValue(`${name} changed twice`);
  });

  test("takes for ever to save does not hold anybody who wants to leave", async ({ page }) => {
    await logIn(page);
    const name = unique("Hanging");
    await newWorkflow(page, name);
    const address = page.url();
    await page.route(
      saves,
      onSave(async () => undefined),
    );
    await rename(page, `${name} changed`);
    await page.getByRole("link", { name: "Workflows" }).click();
    const asked = page.getByRole("dialog", { name: "Leave without saving?" });
    await asked.getByRole("button", { name: "Stay" }).click();
    await expect(page.getByLabel("Workflow name")).toHaveValue(`${name} changed`);
    await page.getByRole("link", { name: "Workflows" }).click();
    await asked.getByRole("button", { name: "Leave" }).click();
    await expect(page.getByRole("heading", { name: "Workflows" })).toBeVisible();
    await page.goto(address);
    const restore = page.getByRole("button", { name: "Restore them" });
    await expect(restore).toBeVisible();
    await page.unroute(saves);
    await restore.click();
    await expect(page.getByLabel("Workflow name")).toHaveValue(`${name} changed`);
    await expectSaved(page);
  });

  test("lost its workflow becomes a new one", async ({ page, context }) => {
    await logIn(page);
    const name = unique("Deleted");
    await newWorkflow(page, name);
    const address = page.url();
    const other = await context.newPage();
    await other.goto("/workflows");
    await findWorkflow(other, name);
    await other.getByRole("button", { name: `Actions for ${name}` }).click();
    await other.getByRole("menuitem", { name: "Delete" }).click();
    await other.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await expect(other.getByRole("link", { name })).toHaveCount(0);
    await other.close();
    await rename(page, `${name} but dear`);
    await expect(page.getByRole("alert")).toContainText("deleted meanwhile");
    await page.getByRole("button", { name: "Save as a new workflow" }).click();
    await expect(page).not.toHaveURL(address);
    await expect(page.getByLabel("Workflow name")).toHaveValue(`${name} but dear`);
    await expectSaved(page);
  });

  test("fits neither the API nor this browser's storage is offered as a file", async ({ page }) => {
    await page.addInitScript(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      };
    });
    await logIn(page);
    const name = unique("Full");
    await newWorkflow(page, name);
    await page.route(
      saves,
      onSave((route) => route.abort()),
    );
    await rename(page, `${name} changed`);
    await expect(page.getByRole("alert")).toContainText("do not close this page before they are saved");
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    const text = await readFile(await (await saved).path(), "utf8");
    expect((JSON.parse(text) as { name: string }).name).toBe(`${name} changed`);
    await page.getByRole("link", { name: "Workflows" }).click();
    const asked = page.getByRole("dialog", { name: "Leave without saving?" });
    await expect(asked).toContainText("they are lost when you leave");
    await asked.getByRole("button", { name: "Stay" }).click();
    await page.unroute(saves);
    await page.getByRole("button", { name: "Try again", exact: true }).click();
    await expectSaved(page);
  });

  test("two tabs hold without a connection is kept for each of them", async ({ page, context }) => {
    await logIn(page);
    const name = unique("Tabs");
    await newWorkflow(page, name);
    const address = page.url();
    const other = await context.newPage();
    await other.goto(address);
    await expect(other.getByLabel("Workflow name")).toHaveValue(name);
    for (const [tab, typed] of [[page, "one"] as const, [other, "two"] as const]) {
      await tab.route(
        saves,
        onSave((route) => route.abort()),
      );
      await rename(tab, `${name} ${typed}`);
      await expect(banner(tab)).toContainText("kept in this browser");
    }
    await other.close();
    await page.close();
    const again = await context.newPage();
    await again.goto(address);
    await again.getByRole("button", { name: "Discard" }).click();
    await again.getByRole("button", { name: "Restore them" }).click();
    await expect(again.getByLabel("Workflow name")).toHaveValue(`${name} one`);
    await expectSaved(again);
  });
});

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

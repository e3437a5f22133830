import { expect, test } from "@playwright/test";
import { api, BAD_ANSWERS, HTML } from "./breaking";
import { card, expectAccessible, expectSaved, logIn, newWorkflow, USER, unique } from "./support";

const notLogin = api(/\/auth\//);

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
    await page.getByRole("button", { name: "Log in", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText("The answer made no sense");
    await page.unroute(api());
    await page.unrouteAll();
    await page.getByRole("button", { name: "Log in", exact: true }).click();
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

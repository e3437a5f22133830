import { expect, test } from "@playwright/test";
import { besides, expectAccessible, logIn, unique } from "./support";

const node = (id: string, type: string, params: object) => ({ id, type, name: id, params, position: { x: 0, y: 0 } });
const edge = (source: string, target: string) => ({
  id: source + target,
  source,
  sourcePort: "main",
  target,
  targetPort: "main",
});

test("a visitor without JavaScript fills in two pages by keyboard, mends a mistake, and sees the end", async ({
  page,
  request,
  browser,
}) => {
  await logIn(page);
  const call = await besides(request);
  const path = unique("form")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  const fields = [
    { name: "email", type: "email", label: "Your email", required: true },
    { name: "sizes", type: "choice", choices: "S\nM", display: "checkboxes", help: "Any of them." },
    { name: "stars", type: "rating", label: "How do you like us?" },
  ];
  const pay = [{ name: "pay", type: "choice", choices: "card\ncash", display: "radio", required: true }];
  const { id } = await call("/api/workflows", {
    schema: 1,
    name: path,
    nodes: [
      node("form", "form_trigger", {
        path,
        title: "Order",
        description: "We **answer**.",
        fields,
        respond: "lastNode",
      }),
      node("page", "form_page", { title: "Hello {{ $json.email }}", fields: pay }),
      node("end", "form_ending", { title: "Thanks", message: "You pay **{{ $json.pay }}**." }),
    ],
    edges: [edge("form", "page"), edge("page", "end")],
  });
  await page.goto(`/workflows/${String(id)}?node=form`);
  const panel = page.getByRole("region", { name: "Listen for a test entry" });
  await panel.getByRole("button", { name: "Listen for a test entry" }).press("Enter");
  await expect(panel.getByRole("status")).toContainText("Listening. Open the test address");
  const [draft] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("link", { name: "Open the test address" }).press("Enter"),
  ]);
  await draft.getByLabel("Your email").fill("bo@example.com");
  await draft.getByRole("button", { name: "Submit" }).press("Enter");
  await expect(draft.getByText("Your answers are shown in the editor. Nothing was started.")).toBeVisible();
  await draft.close();
  await expect(panel.getByRole("region", { name: "Items" })).toContainText('"email": "bo@example.com"');
  await expectAccessible(page);
  await call(`/api/workflows/${String(id)}/publish`, {});
  await page.reload();
  const address = (await page.getByTestId("form-url").textContent()) ?? "";

  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 800 } });
  const visitor = await context.newPage();
  await visitor.goto(address);
  const email = visitor.getByLabel("Your email");
  await email.fill("ada@example");
  await email.press("Enter");
  await expect(visitor.getByRole("alert")).toContainText("Your email: Write an email address");
  await expect(email).toBeFocused();
  await email.fill("ada@example.com");
  await visitor.getByRole("group", { name: "sizes" }).getByLabel("M").press("Space");
  await visitor.getByRole("group", { name: "How do you like us?" }).getByLabel("4").press("Space");
  await visitor.getByRole("button", { name: "Submit" }).press("Enter");
  await expect(visitor.getByRole("heading", { name: "Hello ada@example.com" })).toBeVisible({ timeout: 15_000 });
  await visitor.getByLabel("cash").press("Space");
  await visitor.getByRole("button", { name: "Next" }).press("Enter");
  await expect(visitor.getByRole("heading", { name: "Thanks" })).toBeVisible({ timeout: 15_000 });
  await expect(visitor.getByText("You pay cash.")).toBeVisible();
  await context.close();

  await page.goto(address);
  await expectAccessible(page);
  // What a page of a form may weigh: all of its JavaScript 60 KB. It has none, and asks for nothing else.
  const scripts = await page.evaluate(() => [...document.scripts].reduce((sum, one) => sum + one.text.length, 0));
  const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  expect([scripts, loaded]).toEqual([0, []]);
});

test("a form in Arabic runs from right to left, takes digits of its script, and speaks Arabic to its end", async ({
  page,
  request,
  browser,
}) => {
  await logIn(page);
  const call = await besides(request);
  const path = unique("form")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  const fields = [
    { name: "count", type: "number", label: "الكمية", required: true, minimum: "5" },
    { name: "model", type: "choice", label: "iPhone 15 (128 GB)", choices: "S (small)\nM", display: "radio" },
  ];
  const { id } = await call("/api/workflows", {
    schema: 1,
    name: path,
    nodes: [
      node("form", "form_trigger", { path, title: "اطلب الآن", fields, language: "ar" }),
      node("page", "form_page", { title: "{{ $json.count }}", fields: [] }),
    ],
    edges: [edge("form", "page")],
  });
  await call(`/api/workflows/${String(id)}/publish`, {});
  await page.goto(`/workflows/${String(id)}?node=form`);
  await expect(page.getByRole("combobox", { name: "Language" })).toContainText("Arabic");
  const address = (await page.getByTestId("form-url").textContent()) ?? "";

  const context = await browser.newContext({ viewport: { width: 390, height: 800 }, colorScheme: "dark" });
  const visitor = await context.newPage();
  await visitor.goto(address);
  await expect(visitor.locator("html[lang=ar][dir=rtl]")).toHaveCount(1);
  const count = visitor.getByLabel("الكمية");
  await count.pressSequentially("-٧");
  await count.press("Enter");
  await expect(visitor.getByRole("alert")).toContainText("يجب ألا يقل عن");
  await expect(count).toBeFocused();
  await expectAccessible(visitor);
  await count.press("ControlOrMeta+a");
  await count.pressSequentially("١٢");
  await visitor.getByLabel("S (small)").press("Space");
  await visitor.getByRole("button", { name: "إرسال" }).press("Enter");
  await expect(visitor.getByRole("heading", { name: "12" })).toBeVisible({ timeout: 15_000 });
  await visitor.getByRole("button", { name: "التالي" }).press("Enter");
  await expect(visitor.getByRole("heading", { name: "شكرًا لك" })).toBeVisible({ timeout: 15_000 });
  expect(await visitor.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await context.close();
});

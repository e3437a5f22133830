import { expect, type Page, test } from "@playwright/test";
import { card, expectAccessible, expectSaved, expectState, logIn, newWorkflow, unique } from "./support";

test.beforeEach(async ({ page }) => logIn(page));

const atLeast = (right: number) => [{ left: "{{ $json.n }}", type: "number", operator: "greaterOrEqual", right }];

/** Numbers are sorted by size; large ones go through a loop, one in each round; what is small waits a second. */
const NODES = [
  ["start", "manual_trigger", "Numbers", 0, 120, { items: [{ n: 1 }, { n: 20 }, { n: 300 }, { n: 400 }] }],
  [
    "size",
    "switch",
    "Which size?",
    320,
    120,
    {
      rules: [
        { output: "large", conditions: atLeast(100) },
        { output: "middle", conditions: atLeast(10) },
      ],
    },
  ],
  ["loop", "loop", "Each large one", 640, 0, { mode: "each", batchSize: 1, concurrency: 2 }],
  [
    "double",
    "set_fields",
    "Double",
    960,
    100,
    {
      assignments: [{ name: "n", value: "{{ $json.n * 2 }}", type: "number" }],
    },
  ],
  ["wait", "wait", "A second", 640, 280, { mode: "duration", amount: 1, unit: "seconds" }],
  ["merge", "merge", "Together", 1280, 0, { mode: "append" }],
  ["limit", "limit", "First two", 1600, 0, { count: 2 }],
] as const;

const EDGES = [
  ["start", "main", "size", "main"],
  ["size", "large", "loop", "main"],
  ["loop", "loop", "double", "main"],
  ["double", "main", "loop", "back"],
  ["loop", "done", "merge", "first"],
  ["size", "middle", "merge", "second"],
  ["size", "fallback", "wait", "main"],
  ["merge", "main", "limit", "main"],
] as const;

/** Pastes the workflow, as copied from elsewhere. */
async function paste(page: Page): Promise<void> {
  const nodes = NODES.map(([id, type, name, x, y, params]) => ({ id, type, name, params, position: { x, y } }));
  const edges = EDGES.map(([source, sourcePort, target, targetPort], index) => ({
    id: `e${index}`,
    source,
    sourcePort,
    target,
    targetPort,
  }));
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
  }, JSON.stringify({ nodes, edges }));
  await expect(card(page, "First two")).toBeVisible();
  await page.getByRole("button", { name: "Zoom to fit" }).click();
  // What was pasted is selected; a click on nothing ends that.
  await page.locator(".react-flow__pane").click({ position: { x: 20, y: 20 } });
}

const lines = (page: Page) => page.locator(".react-flow__edge[data-id]");

test("ways are named, renamed and run: switch, loop, merge, limit, wait", async ({ page }) => {
  await newWorkflow(page, unique("Ways"));
  await paste(page);
  await expect(lines(page)).toHaveCount(EDGES.length);

  await card(page, "Which size?").click();
  const output = page.getByRole("group", { name: "Rules 1", exact: true }).getByRole("textbox", { name: /^Output/ });
  await output.fill("Very large");
  await output.press("Tab");
  await expect(card(page, "Which size?")).toContainText("Very-large");
  await expect(lines(page)).toHaveCount(EDGES.length);
  await page.getByRole("button", { name: "Add to Rules" }).click();
  await expect(card(page, "Which size?")).toContainText("output1");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Remove row 3" }).click();
  await expect(card(page, "Which size?")).not.toContainText("output1");
  await expectSaved(page);

  await page.getByRole("button", { name: "Run", exact: true }).click();
  for (const name of ["Each large one", "Double", "A second", "Together", "First two"]) {
    await expectState(page, name, "succeeded");
  }
  await expect(page.getByTestId("run-status")).toHaveText("Succeeded");
  await card(page, "First two").click();
  await page.getByRole("tab", { name: "Data" }).click();
  await expect(page.getByRole("cell", { name: "600" })).toBeVisible();
  await expect(page.getByRole("cell", { name: "800" })).toBeVisible();
});

test("connections go with the last rule that names their output, and come back with undo", async ({ page }) => {
  await newWorkflow(page, unique("Lost"));
  await paste(page);
  await card(page, "Which size?").click();
  await page.getByRole("button", { name: "Remove row 2" }).click();
  await expect(lines(page)).toHaveCount(EDGES.length - 1);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(lines(page)).toHaveCount(EDGES.length);
  await expect(card(page, "Which size?")).toContainText("middle");
});

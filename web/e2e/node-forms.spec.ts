import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "@playwright/test";
import { besides, logIn, unique } from "./support";

/** What `@axe-core/playwright` brings into a page: here once for all forms, which it would open a page for each. */
const AXE = createRequire(createRequire(import.meta.url).resolve("@axe-core/playwright")).resolve(
  "axe-core/axe.min.js",
);

interface NodeType {
  type: string;
  version: number;
  name: string;
}

/** What runs in the page, for one form: goes to the node as a link does, opens all there is, and looks at it. */
const faultsOf = async ([id, name]: readonly [string, string]): Promise<string[]> => {
  type Found = { id: string; impact: string; nodes: { html: string }[] };
  const { axe } = window as unknown as { axe: { run(at: Element, how: object): Promise<{ violations: Found[] }> } };
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const find = (): Element | undefined => {
    const panel = document.querySelector("[data-tour=inspector]");
    return panel?.querySelector("input")?.value === name ? panel : undefined;
  };
  history.pushState({ idx: history.length, key: id, usr: null }, "", `?node=${id}`);
  dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
  while (!find()) await frame();
  const panel = find() as Element;
  // All there is to fill in: options, a row in each list, and the options of those.
  const folded = "button[aria-expanded=false]:not([role=combobox])";
  for (const what of [folded, "button[aria-label^='Add ']", folded]) {
    for (const button of panel.querySelectorAll<HTMLElement>(what)) button.click();
    await frame();
  }
  // A colour on its way is nobody's choice: the panel fades in with the first form.
  const moving = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
  await Promise.all(moving.map(({ finished }) => finished.catch(() => undefined)));
  const { violations } = await axe.run(panel, { resultTypes: ["violations"] });
  const serious = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map((one) => `${one.id}: ${one.nodes.map(({ html }) => html.slice(0, 300)).join(" | ")}`);
  // What stands out of the panel to its right, and what is cut off of names and labels.
  const { right } = panel.getBoundingClientRect();
  const out = [...panel.querySelectorAll("input, button, textarea, p, .cm-editor")].filter(
    (one) => one.getBoundingClientRect().right > right + 1,
  );
  const cut = [...panel.querySelectorAll("label, legend, p, [role=tab]")].filter(
    (one) => getComputedStyle(one).textOverflow === "ellipsis" && one.scrollWidth > one.clientWidth + 1,
  );
  return [...serious, ...[...out, ...cut].map((one) => `cut off: ${one.outerHTML.slice(0, 200)}`)];
};

// A trace of it would cost more than all the rest.
test.use({ trace: "off" });

test("the form of every node type can be read and filled in by everybody", async ({ page, request }) => {
  test.setTimeout(240_000);
  await logIn(page);
  const call = await besides(request);
  const { nodes: types } = (await call("/api/node-types")) as unknown as { nodes: NodeType[] };
  expect(types.length).toBeGreaterThan(50);
  const nodes = types.map(({ type, version, name }, index) => ({
    id: `${type}-${version}`,
    type,
    version,
    name: `${name} v${version}`,
    params: {},
    position: { x: (index % 8) * 320, y: Math.floor(index / 8) * 200 },
  }));
  const made = await call("/api/workflows", { schema: 1, name: unique("Forms"), nodes, edges: [] });
  await page.goto(`/workflows/${String(made.id)}`);
  await expect(page.locator(".react-flow__node").first()).toBeVisible();
  await page.evaluate(readFileSync(AXE, "utf8"));
  const faults: Record<string, string[]> = {};
  for (const { id, name } of nodes) {
    const found = await page.evaluate(faultsOf, [id, name] as const);
    if (found.length > 0) faults[id] = found;
  }
  expect(faults).toEqual({});
});

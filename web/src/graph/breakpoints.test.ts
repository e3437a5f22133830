import { expect, test } from "vitest";
import { atEdge, atNode, breakpointAt, idle, nameOf, toggled, usable, withCondition } from "./breakpoints";
import type { Catalogue } from "./catalogue";
import type { WorkflowDocument, WorkflowNode } from "./document";

const node = (id: string, more: Partial<WorkflowNode> = {}): WorkflowNode => ({
  id,
  type: "no_op",
  version: 1,
  name: id.toUpperCase(),
  params: {},
  position: { x: 0, y: 0 },
  settings: {},
  ...more,
});
const EDGE = { source: "a", sourcePort: "main", target: "b", targetPort: "main" };
const document: WorkflowDocument = {
  schema: 1,
  name: "W",
  nodes: [
    node("t", { type: "manual_trigger" }),
    node("a"),
    node("b"),
    node("off", { settings: { disabled: true } }),
    node("pin", { pinned: { main: [] } }),
  ],
  edges: [
    { id: "e1", ...EDGE },
    { id: "e2", ...EDGE, source: "off" },
  ],
};
const catalogue = {
  nodes: [{ type: "manual_trigger", version: 1, trigger: "manual" }],
  credentials: [],
} as unknown as Catalogue;

test("a breakpoint is set, found, given a condition, and taken away", () => {
  const set = toggled(toggled([], atNode("a")), atEdge(EDGE));
  expect(breakpointAt(set, atEdge({ ...EDGE }))?.condition).toBe("");
  const asked = withCondition(set, atNode("a"), "$json.n > 1");
  expect(asked.map(({ condition }) => condition)).toEqual(["$json.n > 1", ""]);
  expect(toggled(asked, atNode("a"))).toEqual([{ ...atEdge(EDGE), condition: "" }]);
  expect(set.map((one) => nameOf(document, one))).toEqual(["A", "A → B"]);
});

test("nothing stops where nothing runs, or where nothing is any more", () => {
  const why = (place: Parameters<typeof idle>[2]) => idle(document, catalogue, place);
  expect(why(atNode("a"))).toBeNull();
  expect(why(atEdge(EDGE))).toBeNull();
  expect(why(atNode("t"))).toBe("trigger");
  expect(why(atNode("off"))).toBe("disabled");
  expect(why(atEdge({ ...EDGE, source: "off" }))).toBe("disabled");
  expect(why(atNode("pin"))).toBe("pinned");
  expect(why(atNode("ghost"))).toBe("gone");
  expect(why(atEdge({ ...EDGE, sourcePort: "error" }))).toBe("gone");
  const all = ["a", "t", "off", "ghost"].map((id) => ({ ...atNode(id), condition: "" }));
  expect(usable(document, catalogue, all).map(({ nodeId }) => nodeId)).toEqual(["a"]);
});

import { describe, expect, it } from "vitest";
import { diff, isSame, lineDiff, valueChanges } from "./diff";
import type { Json, WorkflowDocument, WorkflowNode } from "./document";

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
const edge = (source: string, target: string, id = `${source}${target}`) => ({
  id,
  source,
  sourcePort: "main",
  target,
  targetPort: "main",
});
const workflow = (nodes: WorkflowNode[], more: Partial<WorkflowDocument> = {}): WorkflowDocument => ({
  schema: 1,
  name: "W",
  nodes,
  edges: [],
  ...more,
});

describe("diff", () => {
  it("finds nothing between equal documents, whatever the order of keys and the ids of edges", () => {
    const before = workflow([node("a", { params: { x: 1, y: [2] } }), node("b")], { edges: [edge("a", "b", "e1")] });
    const after = workflow([node("a", { params: { y: [2], x: 1 } }), node("b")], {
      edges: [edge("a", "b", "e2")],
      settings: {},
    });
    expect(isSame(diff(before, after))).toBe(true);
  });

  it("tells nodes that came, went and changed, each value by its path", () => {
    const before = workflow([node("a", { params: { url: "x", list: [{ k: 1 }, { k: 2 }] } }), node("b")]);
    const after = workflow([
      node("a", { name: "Ask", params: { url: "y", list: [{ k: 1 }, { k: 3 }] }, settings: { disabled: true } }),
      node("c"),
    ]);
    expect(diff(before, after).nodes).toEqual([
      {
        id: "a",
        kind: "changed",
        name: "Ask",
        type: "no_op",
        values: [
          { path: "name", before: "A", after: "Ask" },
          { path: "params.url", before: "x", after: "y" },
          { path: "params.list.1.k", before: 2, after: 3 },
          { path: "settings.disabled", after: true },
        ],
      },
      { id: "c", kind: "added", name: "C", type: "no_op", values: [] },
      { id: "b", kind: "removed", name: "B", type: "no_op", values: [] },
    ]);
  });

  it("counts nodes that only moved and notes that differ, and names the ends of connections", () => {
    const note = { id: "n", text: "hi", position: { x: 0, y: 0 } };
    const before = workflow([node("a"), node("b")], { edges: [edge("a", "b")], notes: [note] });
    const after = workflow([node("a", { position: { x: 5, y: 0 } }), node("b")], {
      edges: [edge("b", "a")],
      notes: [{ ...note, text: "ho" }],
    });
    const found = diff(before, after);
    expect([found.nodes, found.moved, found.notes]).toEqual([[], 1, 1]);
    expect(found.edges.map(({ kind, source, target }) => [kind, source, target])).toEqual([
      ["added", "B", "A"],
      ["removed", "A", "B"],
    ]);
  });

  it("tells the workflow's own settings", () => {
    const after = workflow([], { name: "V", settings: { timeZone: "Europe/Berlin" } });
    expect(diff(workflow([]), after).settings).toEqual([
      { path: "name", before: "W", after: "V" },
      { path: "settings.timeZone", after: "Europe/Berlin" },
    ]);
  });

  it.each<[Json | undefined, Json | undefined, number]>([
    [undefined, {}, 0],
    [undefined, null, 0],
    [[1, 2], [1], 1],
    ["1", 1, 1],
    [{ a: undefined as unknown as Json }, {}, 0],
  ])("of %j and %j has %i differences", (before, after, count) => {
    expect(valueChanges("x", before, after)).toHaveLength(count);
  });
});

describe("lineDiff", () => {
  it("keeps what stayed between what went and came", () => {
    expect(lineDiff("a\nb\nc", "a\nx\nc\nd").map(({ kind, text }) => `${kind[0]}${text}`)).toEqual([
      "sa",
      "rb",
      "ax",
      "sc",
      "ad",
    ]);
  });

  it("gives up on finding what stayed in very long texts, and loses no line", () => {
    const long = Array.from({ length: 700 }, (_, index) => String(index)).join("\n");
    expect(lineDiff(long, long)).toHaveLength(1400);
  });
});

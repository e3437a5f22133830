import { describe, expect, it } from "vitest";
import { diff } from "./diff";
import type { WorkflowDocument, WorkflowEdge, WorkflowNode } from "./document";
import { merged } from "./merged";

const node = (id: string, x: number, params: WorkflowNode["params"] = {}): WorkflowNode => ({
  id,
  type: "no_op",
  version: 1,
  name: id,
  position: { x, y: 0 },
  params,
  settings: {},
});
const edge = (id: string, source: string, target: string): WorkflowEdge => ({
  id,
  source,
  sourcePort: "main",
  target,
  targetPort: "main",
});
const document = (nodes: WorkflowNode[], edges: WorkflowEdge[]): WorkflowDocument => ({
  schema: 1,
  name: "W",
  nodes,
  edges,
});
const both = (before: WorkflowDocument, after: WorkflowDocument) => merged(before, after, diff(before, after));

describe("two states in one", () => {
  it("has what went, with its connections, and says which came", () => {
    const before = document([node("a", 0), node("b", 300)], [edge("e", "a", "b")]);
    const after = document([node("a", 0), node("c", 600)], [edge("f", "a", "c")]);
    const found = both(before, after);
    expect(found.document.nodes.map(({ id }) => id)).toEqual(["a", "c", "b"]);
    expect(Object.fromEntries(found.edges)).toEqual({ f: "added", "gone e": "removed" });
  });

  it("keeps connections apart that have one id before and afterwards", () => {
    const before = document([node("a", 0), node("b", 300), node("c", 600)], [edge("e", "a", "b")]);
    const after = document(before.nodes, [edge("e", "a", "c")]);
    const found = both(before, after);
    expect(found.document.edges.map(({ id, target }) => [id, target])).toEqual([
      ["e", "c"],
      ["gone e", "b"],
    ]);
    expect(Object.fromEntries(found.edges)).toEqual({ e: "added", "gone e": "removed" });
  });

  it("draws nothing over something else", () => {
    const before = document([node("a", 0), node("b", 300), node("d", 310)], []);
    const after = document([node("a", 0), node("c", 300)], []);
    const at = both(before, after).document.nodes.map(({ position: { y } }) => y);
    expect(at).toEqual([0, 0, 120, 240]);
  });

  it("is the state itself where nothing went", () => {
    const one = document([node("a", 0)], []);
    const found = both(one, document([node("a", 0, { x: 1 })], []));
    expect(found.document.nodes).toHaveLength(1);
    expect(found.edges.size).toBe(0);
  });
});

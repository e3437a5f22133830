import { describe, expect, it } from "vitest";
import { branching, edge, node } from "../testing/catalogue";
import { createEdge } from "./create";
import { findNode, type WorkflowDocument } from "./document";
import * as reduce from "./reducers";

const ids = (document: WorkflowDocument) => document.nodes.map(({ id }) => id);
const lines = (document: WorkflowDocument) =>
  document.edges.map(({ source, sourcePort, target }) => `${source}.${sourcePort}>${target}`);

describe("remove", () => {
  it("takes the edges of removed nodes along", () => {
    const after = reduce.remove(branching(), new Set(["check", "no"]), new Set());
    expect(ids(after)).toEqual(["start", "yes"]);
    expect(after.edges).toEqual([]);
  });

  it("joins the neighbours of one removed node where it had one way in and one way out", () => {
    const chain: WorkflowDocument = {
      ...branching(),
      nodes: [node("a", "manual_trigger"), node("b", "no_op"), node("c", "no_op")],
      edges: [edge("a", "b"), edge("b", "c")],
    };
    const after = reduce.remove(chain, new Set(["b"]), new Set(), (bridge) => ({ ...bridge, id: "new" }));
    expect(lines(after)).toEqual(["a.main>c"]);
  });

  it("joins nothing across a branch", () => {
    const after = reduce.remove(branching(), new Set(["check"]), new Set(), (bridge) => ({ ...bridge, id: "new" }));
    expect(after.edges).toEqual([]);
  });

  it("gives the same document back when there is nothing to remove", () => {
    const document = branching();
    expect(reduce.remove(document, new Set(), new Set())).toBe(document);
  });
});

describe("rename", () => {
  it("rewrites references in every node", () => {
    const document = branching();
    document.nodes[2] = node("yes", "set_fields", {
      assignments: [{ name: "x", value: "{{ $('start').item.json.a }}" }],
    });
    const after = reduce.renameNode(document, "start", "The start");
    expect(findNode(after, "start")?.name).toBe("The start");
    expect(findNode(after, "yes")?.params.assignments).toEqual([
      { name: "x", value: "{{ $('The start').item.json.a }}" },
    ]);
    expect(findNode(after, "no")).toBe(findNode(document, "no"));
  });

  it.each([
    ["", "empty"],
    ["   ", "empty"],
    ["check", "taken"],
    ["x".repeat(121), "long"],
    ["start", null],
    ["Fresh", null],
  ])("judges the name %j: %s", (name, verdict) => {
    expect(reduce.nameRefusal(branching(), "start", name)).toBe(verdict);
  });

  it("leaves the document alone for a refused name", () => {
    const document = branching();
    expect(reduce.renameNode(document, "start", "check")).toBe(document);
  });
});

describe("settings", () => {
  it("drops edges of the error port when there is none any more", () => {
    const document = reduce.setSettings(branching(), "yes", { onError: "branch" });
    const connected = reduce.addEdge(document, createEdge("yes", "error", "no", "main"));
    expect(lines(reduce.setSettings(connected, "yes", { notes: "hello" }))).toContain("yes.error>no");
    for (const onError of ["stop", "continue", undefined] as const) {
      expect(lines(reduce.setSettings(connected, "yes", { onError }))).not.toContain("yes.error>no");
    }
  });

  it("removes a setting that goes back to its default", () => {
    const document = reduce.setSettings(branching(), "yes", { timeoutSeconds: 5 });
    expect(findNode(reduce.setSettings(document, "yes", { timeoutSeconds: undefined }), "yes")?.settings).toEqual({});
  });

  it("disables all of a mixed selection, and enables all of a disabled one", () => {
    const one = reduce.toggleDisabled(branching(), new Set(["yes"]));
    const both = reduce.toggleDisabled(one, new Set(["yes", "no"]));
    expect(both.nodes.map(({ settings }) => settings.disabled)).toEqual([undefined, undefined, true, true]);
    const none = reduce.toggleDisabled(both, new Set(["yes", "no"]));
    expect(none.nodes.every(({ settings }) => settings.disabled === undefined)).toBe(true);
  });
});

it("keeps untouched nodes as the same objects when one moves", () => {
  const document = branching();
  const after = reduce.moveNodes(document, new Map([["yes", { x: 5, y: 6 }]]));
  expect(findNode(after, "yes")?.position).toEqual({ x: 5, y: 6 });
  expect(findNode(after, "no")).toBe(findNode(document, "no"));
  expect(reduce.moveNodes(after, new Map([["yes", { x: 5, y: 6 }]]))).toBe(after);
});

it("sets and unsets a parameter without touching others", () => {
  const document = reduce.setParam(branching(), "check", "combine", "or");
  expect(findNode(document, "check")?.params).toMatchObject({ combine: "or", conditions: [{ right: 1 }] });
  expect(findNode(reduce.setParam(document, "check", "combine", undefined), "check")?.params).not.toHaveProperty(
    "combine",
  );
});

it("puts a node onto an edge", () => {
  const document = branching();
  const made = node("new", "no_op");
  const after = reduce.insertOnEdge(document, "check-true-yes", made, edge("check", "new", "true"), edge("new", "yes"));
  expect(lines(after)).toEqual(["start.main>check", "check.false>no", "check.true>new", "new.main>yes"]);
});

import { describe, expect, it } from "vitest";
import { branching, catalogue, edge, node } from "../testing/catalogue";
import { connectable, neighbour } from "./connectable";

/** start -> check -> yes (above), no (below); a node alone far below. */
function placed() {
  const document = branching();
  const places: Record<string, [number, number]> = {
    start: [0, 0],
    check: [320, 0],
    yes: [640, -100],
    no: [640, 100],
    alone: [320, 600],
  };
  document.nodes.push(node("alone", "no_op"));
  for (const one of document.nodes) {
    const [x, y] = places[one.id] ?? [0, 0];
    one.position = { x, y };
  }
  return document;
}

describe("what a node may be connected to", () => {
  it("is every legal connection from each of its outputs, the nearest first", () => {
    const choices = connectable(placed(), catalogue, "check");
    expect(choices.map(({ sourcePort, target }) => [sourcePort, target])).toEqual([
      ["true", "no"],
      ["true", "alone"],
      ["false", "yes"],
      ["false", "alone"],
    ]);
  });

  it("is nothing for a node that is gone", () => {
    expect(connectable(placed(), catalogue, "gone")).toEqual([]);
  });
});

describe("the node next to one", () => {
  it.each([
    ["start", "right", "check"],
    ["check", "left", "start"],
    ["check", "right", "yes"],
    ["yes", "down", "no"],
    ["no", "up", "yes"],
    ["check", "down", "alone"],
    ["alone", "up", "check"],
    ["start", "left", null],
    ["gone", "right", null],
  ] as const)("of %s to the %s", (from, direction, to) => {
    expect(neighbour(placed(), catalogue, from, direction)).toBe(to);
  });

  it("is the one that a connection leads to, though another lies nearer", () => {
    const document = placed();
    document.edges = [edge("start", "alone")];
    expect(neighbour(document, catalogue, "start", "right")).toBe("alone");
  });
});

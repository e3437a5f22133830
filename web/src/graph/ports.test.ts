import { describe, expect, it } from "vitest";
import { edge, node } from "../testing/catalogue";
import { inputPorts, type NodeType } from "./catalogue";
import type { WorkflowDocument } from "./document";
import { freePortName, portName } from "./ports";
import { setPortRows } from "./reducers";

describe("names of ports", () => {
  it.each([
    ["gold", "gold"],
    ["  Gold customers! ", "Gold-customers"],
    ["a_b-C9", "a_b-C9"],
    ["Élan", "Elan"],
    ["…", ""],
    ["x".repeat(80), "x".repeat(64)],
  ])("%j becomes %j", (text, name) => {
    expect(portName(text)).toBe(name);
  });

  it("are free in new rows", () => {
    expect(freePortName(["output1", undefined, "gold", "output2"])).toBe("output3");
  });
});

/** A switch with ways to gold, silver and otherwise. */
function switching(): WorkflowDocument {
  const rules = [{ output: "gold" }, { output: "silver" }];
  return {
    schema: 1,
    name: "Switching",
    nodes: [node("s", "switch", { rules }), node("a", "no_op"), node("b", "no_op"), node("c", "no_op")],
    edges: [edge("s", "a", "gold"), edge("s", "b", "silver"), edge("s", "c", "fallback")],
  };
}

const edgesAfter = (rows: unknown, document = switching()) => {
  const next = setPortRows(document, "s", "rules", rows, ["fallback"]);
  expect(next.nodes[0]?.params.rules).toBe(rows);
  return next.edges.map(({ sourcePort, target }) => `${sourcePort}>${target}`);
};

describe("connections of ports that rows name", () => {
  it("follow a new name", () => {
    expect(edgesAfter([{ output: "platinum" }, { output: "silver" }])).toEqual([
      "platinum>a",
      "silver>b",
      "fallback>c",
    ]);
  });

  it("join those of a port that is there already, each once", () => {
    const document = switching();
    document.edges.push(edge("s", "a", "silver"));
    expect(edgesAfter([{ output: "gold" }, { output: "gold" }], document)).toEqual(["gold>a", "gold>b", "fallback>c"]);
  });

  it("stay while another row names the port, or the node has it anyway", () => {
    const document = switching();
    document.nodes[0] = node("s", "switch", {
      rules: [{ output: "gold" }, { output: "gold" }, { output: "fallback" }],
    });
    const rows = [{ output: "first" }, { output: "gold" }, { output: "rest" }];
    expect(edgesAfter(rows, document)).toEqual(["gold>a", "silver>b", "fallback>c"]);
  });

  it("stay when rows change places", () => {
    expect(edgesAfter([{ output: "silver" }, { output: "gold" }])).toEqual(["gold>a", "silver>b", "fallback>c"]);
  });

  it("go with the last row that names the port", () => {
    expect(edgesAfter([{ output: "silver" }])).toEqual(["silver>b", "fallback>c"]);
  });

  it("of other nodes are left alone", () => {
    const document = switching();
    document.edges.push(edge("a", "b", "gold"));
    expect(edgesAfter([{ output: "silver" }], document)).toEqual(["silver>b", "fallback>c", "gold>b"]);
  });
});

describe("inputs that a parameter counts", () => {
  const entry = {
    inputs: ["first", "second", "third"].map((name) => ({ name, label: name, emits: "maybe" })),
    inputsCounted: "inputs",
    paramsSchema: { properties: { inputs: { default: 2 } } },
  } as unknown as NodeType;

  it.each([
    [{ inputs: 3 }, 3],
    [{}, 2],
    [{ inputs: 0 }, 2],
    [{ inputs: 4 }, 2],
    [{ inputs: "3" }, 2],
  ])("%j are %i", (params, count) => {
    expect(inputPorts(entry, node("m", "merge", params))).toHaveLength(count);
  });

  it("are as many as a new node has where there is no node, and all where nothing counts them", () => {
    expect(inputPorts(entry)).toHaveLength(2);
    expect(inputPorts({ ...entry, inputsCounted: "" })).toHaveLength(3);
  });
});

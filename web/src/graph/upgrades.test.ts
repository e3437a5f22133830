import { describe, expect, it } from "vitest";
import table from "../../../tests/contract/upgrades.json";
import { branching, catalogue, edge } from "../testing/catalogue";
import type { NodeType, Upgrade } from "./catalogue";
import type { Params } from "./document";
import { newerVersions, upgradedParams, upgradeNode } from "./upgrades";

const EMPTY: Upgrade = { changes: "", renamed: {}, ports: {}, values: {}, dropped: [], given: {} };

describe("an upgrade", () => {
  it.each(table.cases)("makes of $params with $upgrade: $becomes", ({ upgrade, params, becomes }) => {
    expect(upgradedParams(params as Params, { ...EMPTY, ...upgrade } as Upgrade)).toEqual(becomes);
  });
});

describe("a node of an older version", () => {
  const check = catalogue.nodes.find(({ type }) => type === "if") as NodeType;
  const next = (version: number, upgrade: Partial<Upgrade>): NodeType => ({
    ...check,
    version,
    upgrade: { ...EMPTY, changes: `Version ${version}.`, ...upgrade },
  });
  const newer = {
    ...catalogue,
    nodes: [
      ...catalogue.nodes,
      next(2, { renamed: { conditions: "rules" }, ports: { true: "yes" } }),
      next(3, { given: { strict: false }, ports: { yes: "then" } }),
    ],
  };

  it("becomes one of the newest, step by step, and keeps its connections", () => {
    const before = branching();
    const node = before.nodes.find(({ id }) => id === "check");
    if (!node) throw new Error("there is no node");
    expect(newerVersions(newer, node).map(({ version }) => version)).toEqual([2, 3]);
    const after = upgradeNode(before, newer, "check");
    const made = after.nodes.find(({ id }) => id === "check");
    expect(made).toMatchObject({ version: 3, params: { rules: node.params.conditions, strict: false } });
    expect(after.edges.map(({ sourcePort }) => sourcePort)).toEqual(["main", "then", "false"]);
    expect(after.edges[0]).toEqual(edge("start", "check"));
  });

  it("stays as it is where nothing says how to get on", () => {
    const document = branching();
    expect(upgradeNode(document, catalogue, "check")).toBe(document);
    expect(upgradeNode(document, newer, "nobody")).toBe(document);
  });
});

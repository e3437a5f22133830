/** Makes new nodes, edges and starter workflows. */

import type { Catalogue, NodeType } from "./catalogue";
import { findType } from "./catalogue";
import type { Json, Params, Position, WorkflowDocument, WorkflowEdge, WorkflowNode } from "./document";
import { emptyDocument, newId } from "./document";

/** Returns `wanted`, with a number behind it where the workflow has that name already. */
export function uniqueName(wanted: string, taken: Iterable<string>): string {
  const names = new Set(taken);
  if (!names.has(wanted)) return wanted;
  const stem = wanted.replace(/ \d+$/, "");
  for (let number = 2; ; number += 1) {
    const name = `${stem} ${number}`;
    if (!names.has(name)) return name;
  }
}

/** The parameters a new node of this type starts with: the schema's defaults, copied. */
export function defaultParams(entry: NodeType): Params {
  const params: Params = {};
  for (const [name, schema] of Object.entries(entry.paramsSchema.properties ?? {})) {
    if (schema.default !== undefined && schema.default !== null) params[name] = structuredClone(schema.default) as Json;
  }
  if (["webhook", "form", "chat"].includes(entry.trigger ?? "") && typeof params.path !== "string")
    params.path = newId("n").slice(1, 9);
  return params;
}

export function createNode(entry: NodeType, position: Position, taken: Iterable<string>): WorkflowNode {
  return {
    id: newId("n"),
    type: entry.type,
    version: entry.version,
    name: uniqueName(entry.name, taken),
    params: defaultParams(entry),
    position,
    settings: {},
  };
}

export function createEdge(source: string, sourcePort: string, target: string, targetPort: string): WorkflowEdge {
  return { id: newId("e"), source, sourcePort, target, targetPort };
}

/** A small workflow that runs at once and shows items, code and a branch: what an empty list offers. */
export function starterDocument(catalogue: Catalogue, name: string): WorkflowDocument {
  const document = emptyDocument(name);
  const add = (type: string, nodeName: string, x: number, y: number, params: Params): WorkflowNode | undefined => {
    const entry = findType(catalogue, type, 1);
    if (!entry) return undefined;
    const node = { ...createNode(entry, { x, y }, []), name: nodeName };
    node.params = { ...node.params, ...params };
    document.nodes.push(node);
    return node;
  };
  const connect = (source: WorkflowNode | undefined, port: string, target: WorkflowNode | undefined) => {
    if (source && target) document.edges.push(createEdge(source.id, port, target.id, "main"));
  };
  const start = add("manual_trigger", "Start", 0, 0, {
    items: [
      { customer: "Ada", amount: 1250 },
      { customer: "Linus", amount: 80 },
      { customer: "Grace", amount: 430 },
    ],
  });
  const total = add("code", "Add tax", 320, 0, {
    mode: "allItems",
    code: "return $input.all().map((item) => ({\n  ...item.json,\n  total: Math.round(item.json.amount * 1.19 * 100) / 100,\n}));\n",
  });
  const check = add("if", "Large order?", 640, 0, {
    conditions: [{ left: "{{ $json.total }}", type: "number", operator: "greaterOrEqual", right: 500 }],
    combine: "and",
  });
  const large = add("set_fields", "Needs approval", 960, -90, {
    assignments: [{ name: "status", value: "needs approval", type: "text" }],
  });
  const small = add("set_fields", "Approved", 960, 90, {
    assignments: [{ name: "status", value: "approved", type: "text" }],
  });
  connect(start, "main", total);
  connect(total, "main", check);
  connect(check, "true", large);
  connect(check, "false", small);
  return document;
}

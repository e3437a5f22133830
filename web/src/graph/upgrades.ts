/** A node saved with an older version of its type becomes one of the newest (tests/contract/upgrades.json). */

import { type Catalogue, findType, type NodeType, type Upgrade } from "./catalogue";
import type { Params, WorkflowDocument, WorkflowNode } from "./document";

const has = (values: object | undefined, name: string): boolean => values !== undefined && Object.hasOwn(values, name);

export function upgradedParams(params: Params, upgrade: Upgrade): Params {
  const renamed = Object.entries(params).map(([name, value]) => {
    const next = has(upgrade.renamed, name) ? (upgrade.renamed[name] ?? name) : name;
    const values = has(upgrade.values, next) ? upgrade.values[next] : undefined;
    return [
      next,
      typeof value === "string" && values && has(values, value) ? (values[value] ?? value) : value,
    ] as const;
  });
  const kept = Object.fromEntries(renamed.filter(([name]) => !upgrade.dropped.includes(name)));
  const given = Object.entries(upgrade.given).filter(([name]) => !has(kept, name));
  return { ...kept, ...Object.fromEntries(given) };
}

/** The versions of a node's type that came after its own, the next one first; those that say how to get there. */
export function newerVersions(catalogue: Catalogue, node: WorkflowNode): NodeType[] {
  const found: NodeType[] = [];
  for (let version = node.version + 1; ; version += 1) {
    const entry = findType(catalogue, node.type, version);
    if (!entry?.upgrade) return found;
    found.push(entry);
  }
}

/** The workflow with a node as its type's newest version has it; connections of renamed ports go along. */
export function upgradeNode(document: WorkflowDocument, catalogue: Catalogue, nodeId: string): WorkflowDocument {
  const node = document.nodes.find(({ id }) => id === nodeId);
  const newer = node ? newerVersions(catalogue, node) : [];
  let current = document;
  for (const entry of newer) current = oneUp(current, nodeId, entry);
  return current;
}

function oneUp(document: WorkflowDocument, nodeId: string, { version, upgrade }: NodeType): WorkflowDocument {
  if (!upgrade) return document;
  const nodes = document.nodes.map((one) =>
    one.id === nodeId ? { ...one, version, params: upgradedParams(one.params, upgrade) } : one,
  );
  const edges = document.edges.map((edge) => {
    const port = edge.source === nodeId && has(upgrade.ports, edge.sourcePort) && upgrade.ports[edge.sourcePort];
    return port ? { ...edge, sourcePort: port } : edge;
  });
  return { ...document, nodes, edges };
}

/** What a node may be connected to, and which node is next to it: for people who use the keyboard. Pure. */

import type { Catalogue, Port } from "./catalogue";
import { findType, inputPorts, outputPorts } from "./catalogue";
import { type Connection, refusal } from "./connect";
import type { WorkflowDocument, WorkflowNode } from "./document";
import { findNode } from "./document";
import { boxOf } from "./geometry";

export interface Choice extends Connection {
  from: Port;
  to: Port;
  node: WorkflowNode;
}

/** The connections that may be drawn from a node's outputs, those to the nearest nodes first. */
export function connectable(document: WorkflowDocument, catalogue: Catalogue, nodeId: string): Choice[] {
  const source = findNode(document, nodeId);
  if (!source) return [];
  const outputs = outputPorts(source, findType(catalogue, source.type, source.version));
  const near = [...document.nodes].sort((one, other) => distance(source, one) - distance(source, other));
  return outputs.flatMap((from) =>
    near.flatMap((node) =>
      inputPorts(findType(catalogue, node.type, node.version), node)
        .map((to) => ({ source: nodeId, sourcePort: from.name, target: node.id, targetPort: to.name, from, to, node }))
        .filter((choice) => refusal(document, catalogue, choice) === null),
    ),
  );
}

function distance(one: WorkflowNode, other: WorkflowNode): number {
  return Math.hypot(one.position.x - other.position.x, one.position.y - other.position.y);
}

export type Direction = "left" | "right" | "up" | "down";

/**
 * The node that one comes to from `nodeId`: along a connection to the right or to the left where there is one, else the
 * nearest whose middle lies that way, what lies straight ahead before what lies aside. Null where there is none.
 */
export function neighbour(
  document: WorkflowDocument,
  catalogue: Catalogue,
  nodeId: string,
  direction: Direction,
): string | null {
  const here = findNode(document, nodeId);
  if (!here) return null;
  const middle = (node: WorkflowNode) => {
    const { x, y, width, height } = boxOf(node, catalogue);
    return { x: x + width / 2, y: y + height / 2 };
  };
  const from = middle(here);
  const sideways = direction === "left" || direction === "right";
  const sign = direction === "right" || direction === "down" ? 1 : -1;
  const cost = (node: WorkflowNode) => {
    const to = middle(node);
    const ahead = sign * (sideways ? to.x - from.x : to.y - from.y);
    const aside = Math.abs(sideways ? to.y - from.y : to.x - from.x);
    return { ahead, cost: ahead + 2 * aside, aside };
  };
  const linked = new Set(
    document.edges.flatMap((edge) => {
      if (direction === "right" && edge.source === nodeId) return [edge.target];
      return direction === "left" && edge.target === nodeId ? [edge.source] : [];
    }),
  );
  const ways = document.nodes.filter((node) => node.id !== nodeId).map((node) => ({ id: node.id, ...cost(node) }));
  const followed = ways.filter(({ id }) => linked.has(id)).sort((one, other) => one.aside - other.aside);
  const lying = ways.filter(({ ahead }) => ahead > 0).sort((one, other) => one.cost - other.cost);
  return (followed[0] ?? lying[0])?.id ?? null;
}

/** Which connections are legal: what the editor lets people draw. */

import type { Catalogue } from "./catalogue";
import { findType, inputPorts, outputPorts } from "./catalogue";
import type { WorkflowDocument } from "./document";
import { findNode } from "./document";

export interface Connection {
  source: string;
  sourcePort: string;
  target: string;
  targetPort: string;
}

export type Refusal = "self" | "noNode" | "noOutput" | "noInput" | "exists" | "cycle";

/** The types that run a body, and their input through which it leads back: the only edges that may close a circle. */
const BODY_TYPES: ReadonlySet<string | undefined> = new Set(["loop", "try"]);
const BACK_PORT = "back";

/** Whether an edge into a port of a node of a type leads back to it from its body. */
export const isBackPort = (type: string | undefined, port: string): boolean =>
  port === BACK_PORT && BODY_TYPES.has(type);

/** Returns why `connection` may not be drawn, or null when it may. */
export function refusal(document: WorkflowDocument, catalogue: Catalogue, connection: Connection): Refusal | null {
  const { source, sourcePort, target, targetPort } = connection;
  if (source === target) return "self";
  const from = findNode(document, source);
  const to = findNode(document, target);
  if (!from || !to) return "noNode";
  const outputs = outputPorts(from, findType(catalogue, from.type, from.version));
  if (!outputs.some((port) => port.name === sourcePort)) return "noOutput";
  if (!inputPorts(findType(catalogue, to.type, to.version), to).some((port) => port.name === targetPort))
    return "noInput";
  const same = document.edges.some(
    (edge) =>
      edge.source === source &&
      edge.sourcePort === sourcePort &&
      edge.target === target &&
      edge.targetPort === targetPort,
  );
  if (same) return "exists";
  if (isBackPort(to.type, targetPort)) return null;
  return pathBetween(document, target, source) ? "cycle" : null;
}

/** Node ids of a path along edges from `from` to `to`, both included, or null. Edges back to a loop do not count. */
export function pathBetween(document: WorkflowDocument, from: string, to: string): string[] | null {
  const next = adjacency(document, "source", "target");
  const cameFrom = new Map<string, string | null>([[from, null]]);
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === to) {
      const path: string[] = [];
      for (let step: string | null = id; step !== null; step = cameFrom.get(step) ?? null) path.unshift(step);
      return path;
    }
    for (const follower of next.get(id) ?? []) {
      if (!cameFrom.has(follower)) {
        cameFrom.set(follower, id);
        open.push(follower);
      }
    }
  }
  return null;
}

/** Ids of all nodes that come before `nodeId`, nearest first: what leads back to a loop does not come before it. */
export function upstream(document: WorkflowDocument, nodeId: string): string[] {
  const previous = adjacency(document, "target", "source");
  const seen = new Set<string>();
  let front = [nodeId];
  while (front.length > 0) {
    const reached: string[] = [];
    for (const id of front) {
      for (const before of previous.get(id) ?? []) {
        if (!seen.has(before) && before !== nodeId) {
          seen.add(before);
          reached.push(before);
        }
      }
    }
    front = reached;
  }
  return [...seen];
}

/** The neighbours of each node along the edges that lead forward: those back to a loop do not. */
function adjacency(document: WorkflowDocument, key: "source" | "target", value: "source" | "target") {
  const types = new Map(document.nodes.map((node) => [node.id, node.type]));
  const map = new Map<string, string[]>();
  for (const edge of document.edges) {
    if (isBackPort(types.get(edge.target), edge.targetPort)) continue;
    const list = map.get(edge[key]);
    if (list) list.push(edge[value]);
    else map.set(edge[key], [edge[value]]);
  }
  return map;
}

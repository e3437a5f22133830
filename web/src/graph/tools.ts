/** Agents' tools: what hangs below a node works for it, and may ask its model for values. */

import { type Catalogue, type FieldKind, findType, outputPorts } from "./catalogue";
import { isBackPort } from "./connect";
import { findNode, type WorkflowDocument, type WorkflowEdge } from "./document";

/** Whether an edge leads to a tool of the node it comes from. */
function leadsToTool(document: WorkflowDocument, catalogue: Catalogue, edge: WorkflowEdge): boolean {
  const source = findNode(document, edge.source);
  const ports = source ? outputPorts(source, findType(catalogue, source.type, source.version)) : [];
  return ports.some((port) => port.below === true && port.name === edge.sourcePort);
}

/** The name of the agent whose tool begins with a node; null where none does. */
export function agentOf(document: WorkflowDocument, catalogue: Catalogue, nodeId: string): string | null {
  const edge = document.edges.find(
    (candidate) => candidate.target === nodeId && leadsToTool(document, catalogue, candidate),
  );
  return (edge && findNode(document, edge.source)?.name) ?? null;
}

/** Whether a node is part of an agent's tool. */
export function isInTool(document: WorkflowDocument, catalogue: Catalogue, nodeId: string): boolean {
  const types = new Map(document.nodes.map((node) => [node.id, node.type]));
  const seen = new Set([nodeId]);
  const waiting = [nodeId];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const edge of document.edges) {
      if (edge.target !== id || isBackPort(types.get(edge.target), edge.targetPort)) continue;
      if (leadsToTool(document, catalogue, edge)) return true;
      if (!seen.has(edge.source)) {
        seen.add(edge.source);
        waiting.push(edge.source);
      }
    }
  }
  return false;
}

const TYPES: Partial<Record<FieldKind, string>> = { number: "number", boolean: "boolean", json: "json" };

/** The expression by which a field asks the model for its value. */
export function fromAi(path: string, title: string, kind: FieldKind): string {
  const name = (path.split(".").pop() ?? "").replace(/[^A-Za-z0-9_-]+/g, "_").slice(0, 64) || "value";
  const said = title.replace(/\\/g, "\\\\").replace(/'/g, "\\'");
  return `{{ $fromAI('${name}', '${said}', '${TYPES[kind] ?? "string"}') }}`;
}

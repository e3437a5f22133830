/** Two states of a workflow in one, to be drawn: what is there afterwards, and what went, each where it stood. Pure. */

import type { DocumentDiff } from "./diff";
import type { Position, WorkflowDocument, WorkflowNode } from "./document";
import { NODE_WIDTH } from "./geometry";

const HEIGHT = 90;

/** What the ids of connections begin with that went: the same id may be another connection's afterwards. */
const GONE = "gone ";

/** A document to draw, and which of its connections came or went. */
export interface Merged {
  document: WorkflowDocument;
  edges: ReadonlyMap<string, "added" | "removed">;
}

/** Puts what `change` says was removed into `after`. What stood where something stands now moves below it. */
export function merged(before: WorkflowDocument, after: WorkflowDocument, change: DocumentDiff): Merged {
  const gone = new Set(change.nodes.filter(({ kind }) => kind === "removed").map(({ id }) => id));
  const nodes: WorkflowNode[] = [...after.nodes];
  for (const node of before.nodes) {
    if (gone.has(node.id)) nodes.push({ ...node, position: free(node.position, nodes) });
  }
  const known = new Set(nodes.map(({ id }) => id));
  const edges = new Map<string, "added" | "removed">();
  const all = [...after.edges];
  for (const { kind, edge } of change.edges) {
    if (kind === "added") edges.set(edge.id, kind);
    else if (known.has(edge.source) && known.has(edge.target)) {
      all.push({ ...edge, id: GONE + edge.id });
      edges.set(GONE + edge.id, kind);
    }
  }
  return { document: { ...after, nodes, edges: all }, edges };
}

function free({ x, y }: Position, nodes: readonly WorkflowNode[]): Position {
  let at = y;
  while (nodes.some(({ position }) => Math.abs(position.x - x) < NODE_WIDTH && Math.abs(position.y - at) < HEIGHT)) {
    at += HEIGHT + 30;
  }
  return { x, y: at };
}

/** Breakpoints of a draft: where its debug runs stop. Pure. */

import type { Catalogue } from "./catalogue";
import { findType } from "./catalogue";
import type { WorkflowDocument, WorkflowEdge } from "./document";
import { findNode } from "./document";

export type Ends = Omit<WorkflowEdge, "id">;

/** On a node, or on an edge by its ends: edges that are drawn anew keep theirs. */
export interface Breakpoint {
  nodeId?: string;
  edge?: Ends;
  /** An expression; empty for always. */
  condition: string;
}

export type Place = Pick<Breakpoint, "nodeId" | "edge">;

export const atNode = (nodeId: string): Place => ({ nodeId });
export const atEdge = ({ source, sourcePort, target, targetPort }: Ends): Place => ({
  edge: { source, sourcePort, target, targetPort },
});

export function keyOf({ nodeId, edge }: Place): string {
  return edge ? [edge.source, edge.sourcePort, edge.target, edge.targetPort].join("/") : (nodeId ?? "");
}

export function breakpointAt(list: readonly Breakpoint[], place: Place): Breakpoint | undefined {
  const key = keyOf(place);
  return list.find((one) => keyOf(one) === key);
}

/** With a breakpoint there where none was, else without it. */
export function toggled(list: readonly Breakpoint[], place: Place): Breakpoint[] {
  const key = keyOf(place);
  const others = list.filter((one) => keyOf(one) !== key);
  return others.length < list.length ? others : [...list, { ...place, condition: "" }];
}

export function withCondition(list: readonly Breakpoint[], place: Place, condition: string): Breakpoint[] {
  const key = keyOf(place);
  return list.map((one) => (keyOf(one) === key ? { ...one, condition } : one));
}

/** Why nothing stops at a breakpoint; null where something may. `gone`: what it was on is there no more. */
export type Idle = "gone" | "disabled" | "trigger" | "pinned";

export function idle(document: WorkflowDocument, catalogue: Catalogue, place: Place): Idle | null {
  const { edge } = place;
  if (edge && !document.edges.some((one) => keyOf(atEdge(one)) === keyOf(place))) return "gone";
  const node = findNode(document, edge ? edge.target : (place.nodeId ?? ""));
  if (!node) return "gone";
  if (node.settings.disabled || (edge && findNode(document, edge.source)?.settings.disabled)) return "disabled";
  if (findType(catalogue, node.type, node.version)?.trigger) return "trigger";
  return node.pinned ? "pinned" : null;
}

/** Those at which something may stop: what the API takes. */
export function usable(document: WorkflowDocument, catalogue: Catalogue, list: readonly Breakpoint[]): Breakpoint[] {
  return list.filter((one) => idle(document, catalogue, one) === null);
}

/** What people call the place. */
export function nameOf(document: WorkflowDocument, { nodeId, edge }: Place): string {
  const name = (id: string) => findNode(document, id)?.name ?? id;
  return edge ? `${name(edge.source)} → ${name(edge.target)}` : name(nodeId ?? "");
}

/** A node and all that follows it: what runs where a run starts there. */
export function behind(document: WorkflowDocument, nodeId: string): Set<string> {
  const found = new Set([nodeId]);
  // A set is gone through with what is added on the way.
  for (const one of found) for (const { source, target } of document.edges) if (source === one) found.add(target);
  return found;
}

/** What differs between two states of a workflow: nodes, their parameters and settings, connections. Pure. */

import type { Json, WorkflowDocument, WorkflowEdge, WorkflowNode } from "./document";

export type ChangeKind = "added" | "removed" | "changed";

/** One value that differs; `before` is missing where it was added, `after` where it was removed. */
export interface ValueChange {
  /** A dotted path below the node (`params.conditions.0.left`) or the workflow. */
  path: string;
  before?: Json;
  after?: Json;
}

export interface NodeChange {
  id: string;
  kind: ChangeKind;
  /** The name it has afterwards, or had before it was removed. */
  name: string;
  type: string;
  values: ValueChange[];
}

export interface EdgeChange {
  kind: "added" | "removed";
  edge: WorkflowEdge;
  /** The names of its ends. */
  source: string;
  target: string;
}

export interface DocumentDiff {
  nodes: NodeChange[];
  edges: EdgeChange[];
  settings: ValueChange[];
  /** How many nodes only stand somewhere else. */
  moved: number;
  /** Sticky notes and groups that differ. */
  notes: number;
}

export function isSame({ nodes, edges, settings, moved, notes }: DocumentDiff): boolean {
  return nodes.length + edges.length + settings.length + moved + notes === 0;
}

/** Returns what one has to do to `before` to get `after`. */
export function diff(before: WorkflowDocument, after: WorkflowDocument): DocumentDiff {
  return {
    ...nodeChanges(before.nodes, after.nodes),
    edges: edgeChanges(before, after),
    settings: [
      ...valueChanges("name", before.name, after.name),
      ...valueChanges("description", before.description || undefined, after.description || undefined),
      ...valueChanges("settings", (before.settings ?? {}) as Json, (after.settings ?? {}) as Json),
    ],
    notes: differing(before.notes ?? [], after.notes ?? []),
  };
}

function nodeChanges(before: readonly WorkflowNode[], after: readonly WorkflowNode[]) {
  const former = new Map(before.map((node) => [node.id, node]));
  const nodes: NodeChange[] = [];
  let moved = 0;
  for (const node of after) {
    const about = { id: node.id, name: node.name, type: node.type };
    const old = former.get(node.id);
    former.delete(node.id);
    if (!old) {
      nodes.push({ ...about, kind: "added", values: [] });
      continue;
    }
    const values = valueChanges("", content(old), content(node));
    if (values.length > 0) nodes.push({ ...about, kind: "changed", values });
    else if (!equal(old.position as unknown as Json, node.position as unknown as Json)) moved += 1;
  }
  for (const node of former.values()) {
    nodes.push({ id: node.id, name: node.name, type: node.type, kind: "removed", values: [] });
  }
  return { nodes, moved };
}

/** What of a node matters: all but where it stands. */
function content({ id: _, position: __, ...rest }: WorkflowNode): Json {
  return rest as unknown as Json;
}

/** An edge is known by what it connects: drawing the same again changes nothing. */
const keyOf = ({ source, sourcePort, target, targetPort }: WorkflowEdge) =>
  JSON.stringify([source, sourcePort, target, targetPort]);

function edgeChanges(before: WorkflowDocument, after: WorkflowDocument): EdgeChange[] {
  const only = (kind: "added" | "removed", mine: WorkflowDocument, other: WorkflowDocument): EdgeChange[] => {
    const known = new Set(other.edges.map(keyOf));
    const names = new Map(mine.nodes.map((node) => [node.id, node.name]));
    return mine.edges
      .filter((edge) => !known.has(keyOf(edge)))
      .map((edge) => ({
        kind,
        edge,
        source: names.get(edge.source) ?? edge.source,
        target: names.get(edge.target) ?? edge.target,
      }));
  };
  return [...only("added", after, before), ...only("removed", before, after)];
}

function differing(before: readonly { id: string }[], after: readonly { id: string }[]): number {
  const former = new Map(before.map((note) => [note.id, note]));
  let count = 0;
  for (const note of after) {
    const old = former.get(note.id);
    former.delete(note.id);
    if (!old || !equal(old as unknown as Json, note as unknown as Json)) count += 1;
  }
  return count + former.size;
}

/** The values that differ. Objects are looked into; lists too where they are equally long, else they differ as a whole. */
export function valueChanges(path: string, before: Json | undefined, after: Json | undefined): ValueChange[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return isEmpty(after) ? [] : [{ path, after: after as Json }];
  if (after === undefined) return isEmpty(before) ? [] : [{ path, before }];
  if (equal(before, after)) return [];
  const below = (name: string) => (path ? `${path}.${name}` : name);
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => valueChanges(below(name), before[name], after[name]));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((value, index) => valueChanges(below(String(index)), value, after[index]));
  }
  return [{ path, before, after }];
}

const isObject = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What stands for "not set": leaving it out and writing it down are the same. */
const isEmpty = (value: Json | undefined) => value === null || (isObject(value) && Object.keys(value).length === 0);

function equal(one: Json | undefined, two: Json | undefined): boolean {
  if (one === two) return true;
  if (Array.isArray(one) && Array.isArray(two)) {
    return one.length === two.length && one.every((value, index) => equal(value, two[index]));
  }
  if (!isObject(one) || !isObject(two)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(two)]);
  return [...names].every((name) => equal(one[name], two[name]));
}

export interface Line {
  kind: "same" | "added" | "removed";
  text: string;
}

/** Beyond this many lines each, finding what stayed would take too long. */
const MOST_LINES = 600;

/** The lines of two texts, with those that stayed between those that went and came. */
export function lineDiff(before: string, after: string): Line[] {
  const old = before.split("\n");
  const now = after.split("\n");
  if (old.length > MOST_LINES || now.length > MOST_LINES) {
    return [
      ...old.map((text): Line => ({ kind: "removed", text })),
      ...now.map((text): Line => ({ kind: "added", text })),
    ];
  }
  // longest[i][j]: how many lines of old[i..] and now[j..] can be kept.
  const longest = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  const at = (i: number, j: number) => longest[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const row = longest[i] as Uint16Array;
    for (let j = now.length - 1; j >= 0; j -= 1) {
      row[j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push({ kind: "same", text: old[i] ?? "" });
      i += 1;
      j += 1;
    } else if (j >= now.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: "removed", text: old[i] ?? "" });
      i += 1;
    } else {
      lines.push({ kind: "added", text: now[j] ?? "" });
      j += 1;
    }
  }
  return lines;
}

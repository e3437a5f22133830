/** Nodes as text: copied, pasted, duplicated, across workflows and tabs. */

import { uniqueName } from "./create";
import type { Position, WorkflowDocument, WorkflowEdge, WorkflowNode, WorkflowNote } from "./document";
import { newId, normalised } from "./document";
import { middle, snap } from "./geometry";
import { NOTE_COLORS, NOTE_SIZE } from "./notes";
import { type Flaw, flawOfParts, isObject, MOST_DOCUMENT_BYTES, newerThanThis, parsed, twinIn } from "./reading";
import { renameReferences } from "./references";

const MARK = "stepweave/nodes";

export interface Fragment {
  nodes: WorkflowNode[];
  edges: WorkflowEdge[];
  notes: WorkflowNote[];
}

/** The chosen nodes and the edges between them. */
export function fragmentOf(document: WorkflowDocument, ids: ReadonlySet<string>): Fragment {
  return {
    nodes: document.nodes.filter((node) => ids.has(node.id)),
    edges: document.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target)),
    notes: (document.notes ?? []).filter((note) => ids.has(note.id)),
  };
}

export function toText(fragment: Fragment): string {
  return JSON.stringify({ kind: MARK, ...fragment }, null, 2);
}

/** Reads a fragment, or a whole workflow, from text; or tells what is wrong with it. */
export function fromText(text: string): Fragment | Flaw {
  if (text.length > MOST_DOCUMENT_BYTES) return { code: "large", bytes: text.length };
  const read = parsed(text);
  // Most text in a clipboard is prose: where in it JSON ends is of no use then.
  if ("flaw" in read) return looksLikeJson(text) ? read.flaw : { code: "notWorkflow" };
  const { value } = read;
  if (!isObject(value) || !(Array.isArray(value.nodes) || Array.isArray(value.notes))) return { code: "notWorkflow" };
  const { nodes = [], edges = [], notes = [] } = value as Partial<Fragment>;
  const flaw = newerThanThis(value) ?? flawOfParts({ nodes, edges, notes }) ?? twinIn({ nodes, notes });
  if (flaw) return flaw;
  if (nodes.length + notes.length === 0) return { code: "notWorkflow" };
  const ids = new Set(nodes.map((node) => node.id));
  const whole = normalised({ name: "", nodes, edges });
  const between = whole.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target));
  return { nodes: whole.nodes, edges: between, notes: notes.map(plainNote) };
}

function looksLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

/** What a note may have, and nothing that came along with it. */
function plainNote({ id, kind, text = "", position, width, height, color }: WorkflowNote): WorkflowNote {
  const size = (value: unknown, otherwise: number) => (typeof value === "number" && value > 0 ? value : otherwise);
  return {
    id,
    kind: kind === "group" ? "group" : "note",
    text,
    position: { x: position.x, y: position.y },
    width: size(width, NOTE_SIZE.width),
    height: size(height, NOTE_SIZE.height),
    color: NOTE_COLORS.find((one) => one === color) ?? "yellow",
  };
}

/**
 * The fragment with new ids and names free in `document`, moved so that its middle is `at` (or a little aside of where
 * it was). References between its nodes follow the new names; references to nodes outside stay.
 */
export function transplanted(fragment: Fragment, document: WorkflowDocument, at: Position | null): Fragment {
  const ids = new Map(fragment.nodes.map((node) => [node.id, newId("n")]));
  const taken = document.nodes.map((node) => node.name);
  const names = new Map<string, string>();
  for (const node of fragment.nodes) {
    const name = uniqueName(node.name, taken);
    taken.push(name);
    names.set(node.name, name);
  }
  const centre = middle([...fragment.nodes, ...fragment.notes]);
  const shift = at ? { x: at.x - centre.x, y: at.y - centre.y } : { x: 40, y: 40 };
  const nodes = fragment.nodes.map((node) => {
    let copy: WorkflowNode = {
      ...structuredClone(node),
      id: ids.get(node.id) ?? newId("n"),
      name: names.get(node.name) ?? node.name,
      position: snap({ x: node.position.x + shift.x, y: node.position.y + shift.y }),
    };
    for (const [from, to] of names) if (from !== to) copy = renameReferences(copy, from, to);
    return copy;
  });
  const edges = fragment.edges.map((edge) => ({
    ...edge,
    id: newId("e"),
    source: ids.get(edge.source) ?? edge.source,
    target: ids.get(edge.target) ?? edge.target,
  }));
  const notes = fragment.notes.map((note) => ({
    ...structuredClone(note),
    id: newId("s"),
    position: snap({ x: note.position.x + shift.x, y: note.position.y + shift.y }),
  }));
  return { nodes, edges, notes };
}

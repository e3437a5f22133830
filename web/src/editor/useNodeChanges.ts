import type { EdgeChange, NodeChange } from "@xyflow/react";
import { useCallback, useRef, useState } from "react";
import type { Position } from "../graph/document";
import { findNote, membersOf, moveNotes } from "../graph/notes";
import * as reduce from "../graph/reducers";
import type { FlowNode } from "./flow";
import { currentDocument, edit, sealHistory, useEditor } from "./store";

const NO_DRAG: ReadonlyMap<string, Position> = new Map();

/** Applies React Flow's selection changes to a set of ids; the same set where nothing changed. */
export function selected(
  before: ReadonlySet<string>,
  changes: readonly (NodeChange | EdgeChange)[],
): ReadonlySet<string> {
  const next = new Set(before);
  for (const change of changes) {
    if (change.type !== "select") continue;
    if (change.selected) next.add(change.id);
    else next.delete(change.id);
  }
  return next.size === before.size && [...next].every((id) => before.has(id)) ? before : next;
}

/** Node positions: followed while dragging, written into the document when the drag ends. */
export function useNodeChanges() {
  const [dragged, setDragged] = useState(NO_DRAG);
  const pulling = useRef(false);
  const onNodesChange = useCallback((changes: NodeChange<FlowNode>[]) => {
    const moves = new Map<string, Position>();
    let dragging = false;
    for (const change of changes) {
      if (change.type !== "position" || !change.position) continue;
      moves.set(change.id, change.position);
      dragging ||= change.dragging === true;
    }
    takeMembersAlong(moves);
    if (moves.size > 0 && dragging) {
      pulling.current = true;
      setDragged((before) => new Map([...before, ...moves]));
    }
    if (moves.size > 0 && !dragging) {
      setDragged(NO_DRAG);
      // Each drag is a step of undo of its own; moves by key go together.
      if (pulling.current) sealHistory();
      pulling.current = false;
      edit((document) => moveNotes(reduce.moveNodes(document, moves), moves), `move ${[...moves.keys()].join(" ")}`);
    }
    const { nodes } = useEditor.getState();
    const next = selected(nodes, changes);
    if (next !== nodes) useEditor.setState({ nodes: next });
  }, []);
  return { dragged, onNodesChange };
}

/** What lies in a group that moves, moves with it; what is moved for itself goes its own way. */
function takeMembersAlong(moves: Map<string, Position>): void {
  const document = currentDocument();
  const places = new Map([...document.nodes, ...(document.notes ?? [])].map((one) => [one.id, one.position]));
  for (const [id, to] of [...moves]) {
    const group = findNote(document, id);
    if (group?.kind !== "group") continue;
    const by = { x: to.x - group.position.x, y: to.y - group.position.y };
    for (const member of membersOf(document, useEditor.getState().catalogue, group)) {
      const from = places.get(member);
      if (from && !moves.has(member)) moves.set(member, { x: from.x + by.x, y: from.y + by.y });
    }
  }
}

/** Moving over the canvas without a mouse: from node to node, and to what is selected. */

import type { FitViewOptions } from "@xyflow/react";
import { type Direction, neighbour } from "../graph/connectable";
import { findNode } from "../graph/document";
import { currentDocument, select, useEditor } from "./store";

/** A node that comes into view is drawn this much later. */
const SHOWN_MS = 300;

/** Selects and focuses the node next to the selected one, or the first of the workflow where none is selected. */
export function goToNeighbour(direction: Direction): void {
  const { nodes, catalogue } = useEditor.getState();
  const document = currentDocument();
  const here = [...nodes].find((id) => findNode(document, id));
  const [first] = [...document.nodes].sort((one, other) => one.position.x - other.position.x);
  const next = here ? neighbour(document, catalogue, here, direction) : first?.id;
  if (!next) return;
  select([next]);
  if (!focusNode(next)) setTimeout(() => focusNode(next), SHOWN_MS);
}

function focusNode(id: string): boolean {
  const card = window.document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
  card?.focus({ preventScroll: true });
  return card !== null;
}

/** Fills the window with the selected nodes; with all where none is selected. */
export function zoomToSelection(fitView: (options: FitViewOptions) => Promise<boolean>): void {
  const { nodes } = useEditor.getState();
  const chosen = nodes.size > 0 ? { nodes: [...nodes].map((id) => ({ id })) } : {};
  void fitView({ ...chosen, padding: 0.2, maxZoom: 1.25, duration: 250 });
}

/** The document as React Flow wants it. Unchanged nodes keep their objects, so that they are not drawn again. */

import type { Edge, Node } from "@xyflow/react";
import type { Catalogue, NodeType, Port } from "../graph/catalogue";
import { findType, inputPorts, outputPorts } from "../graph/catalogue";
import type { Position, WorkflowDocument, WorkflowNode, WorkflowNote } from "../graph/document";
import { NODE_WIDTH, nodeHeight } from "../graph/geometry";

export interface CardData extends Record<string, unknown> {
  node: WorkflowNode;
  entry: NodeType | undefined;
  inputs: Port[];
  outputs: Port[];
  height: number;
  /** Output ports that nothing is connected to. */
  open: string;
}

export type CardNode = Node<CardData, "card">;
export type NoteNode = Node<{ note: WorkflowNote }, "note">;
export type FlowNode = CardNode | NoteNode;
export type LineEdge = Edge<{ label: string }, "line">;

interface Made {
  source: WorkflowNode;
  open: string;
  selected: boolean;
  at: Position;
  made: CardNode;
}

export type FlowCache = Map<string, Made>;

export function toFlowNodes(
  document: WorkflowDocument,
  catalogue: Catalogue,
  selection: ReadonlySet<string>,
  dragged: ReadonlyMap<string, Position>,
  cache: FlowCache,
): CardNode[] {
  const used = new Set(document.edges.map((edge) => `${edge.source} ${edge.sourcePort}`));
  return document.nodes.map((node) => {
    const entry = findType(catalogue, node.type, node.version);
    const outputs = outputPorts(node, entry);
    const open = outputs.flatMap((port) => (used.has(`${node.id} ${port.name}`) ? [] : [port.name])).join(" ");
    const selected = selection.has(node.id);
    const at = dragged.get(node.id) ?? node.position;
    const known = cache.get(node.id);
    if (known?.source === node && known.open === open && known.selected === selected && known.at === at) {
      return known.made;
    }
    const height = nodeHeight(outputs.length);
    const same = known?.source === node && known.open === open;
    const made: CardNode = {
      id: node.id,
      type: "card",
      position: at,
      selected,
      width: NODE_WIDTH,
      height,
      measured: { width: NODE_WIDTH, height },
      data: same ? known.made.data : { node, entry, inputs: inputPorts(entry), outputs, height, open },
      ariaLabel: `${node.name}, ${entry?.name ?? node.type}`,
      focusable: true,
    };
    cache.set(node.id, { source: node, open, selected, at, made });
    return made;
  });
}

/** Sticky notes and group frames, behind the nodes. They are shown; editing them comes with the editor's next step. */
export function toFlowNotes(document: WorkflowDocument): NoteNode[] {
  return (document.notes ?? []).map((note) => {
    const size = { width: note.width ?? 240, height: note.height ?? 160 };
    return {
      id: note.id,
      type: "note",
      position: note.position,
      ...size,
      measured: size,
      data: { note },
      zIndex: -1,
      selectable: false,
      draggable: false,
      focusable: false,
      connectable: false,
      style: { pointerEvents: "none" },
    };
  });
}

export function toFlowEdges(document: WorkflowDocument, selection: ReadonlySet<string>): LineEdge[] {
  const names = new Map(document.nodes.map((node) => [node.id, node.name]));
  return document.edges.map((edge) => {
    const label = `${names.get(edge.source) ?? ""} → ${names.get(edge.target) ?? ""}`;
    return {
      id: edge.id,
      type: "line",
      source: edge.source,
      sourceHandle: edge.sourcePort,
      target: edge.target,
      targetHandle: edge.targetPort,
      selected: selection.has(edge.id),
      ariaLabel: label,
      data: { label },
    };
  });
}

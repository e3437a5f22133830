/** The document as React Flow wants it. Unchanged nodes and edges keep their objects, so that they are not drawn again. */

import type { Edge, Node } from "@xyflow/react";
import type { Catalogue, NodeType, Port } from "../graph/catalogue";
import { findType, inputPorts, outputPorts } from "../graph/catalogue";
import type { Position, WorkflowDocument, WorkflowEdge, WorkflowNode, WorkflowNote } from "../graph/document";
import { NODE_WIDTH, type Shape, shapeOf } from "../graph/geometry";
import { detours } from "../graph/routes";
import { strings } from "../strings";

/** A port as it is drawn. `lost`: connections lead to it, but the node does not have it any more. */
export interface CardPort extends Port {
  lost: boolean;
}

export interface CardData extends Record<string, unknown> {
  node: WorkflowNode;
  entry: NodeType | undefined;
  inputs: CardPort[];
  outputs: CardPort[];
  shape: Shape;
  /** Output ports that nothing is connected to, and those that more may hang below. */
  open: string;
}

export type CardNode = Node<CardData, "card">;
export type NoteNode = Node<{ note: WorkflowNote }, "note">;
export type FlowNode = CardNode | NoteNode;
/** `detour`: the height at which an edge that leads back runs to the left. `lost`: one of its ports is gone. `change`:
 * that it came or went, where two states are compared. */
export type LineEdge = Edge<
  { label: string; detour: number | null; lost: boolean; change?: "added" | "removed" },
  "line"
>;

interface MadeNode {
  source: WorkflowNode;
  used: string;
  selected: boolean;
  at: Position;
  made: CardNode;
}

interface MadeEdge {
  source: WorkflowEdge;
  label: string;
  selected: boolean;
  detour: number | null;
  lost: boolean;
  made: LineEdge;
}

export type FlowCache = Map<string, MadeNode>;
export type EdgeCache = Map<string, MadeEdge>;

export function toFlowNodes(
  document: WorkflowDocument,
  catalogue: Catalogue,
  selection: ReadonlySet<string>,
  dragged: ReadonlyMap<string, Position>,
  cache: FlowCache,
): CardNode[] {
  const connected = connectedPorts(document);
  return document.nodes.map((node) => {
    const ports = connected.get(node.id) ?? NONE;
    const used = `${[...ports.inputs].join(" ")} / ${[...ports.outputs].join(" ")}`;
    const selected = selection.has(node.id);
    const at = dragged.get(node.id) ?? node.position;
    const known = cache.get(node.id);
    const same = known?.source === node && known.used === used;
    if (same && known.selected === selected && known.at === at) return known.made;
    const data = same ? known.made.data : cardData(node, catalogue, ports);
    const { height } = data.shape;
    const made: CardNode = {
      id: node.id,
      type: "card",
      position: at,
      selected,
      width: NODE_WIDTH,
      height,
      measured: { width: NODE_WIDTH, height },
      data,
      ariaLabel: `${node.name}, ${data.entry?.name ?? node.type}`,
      focusable: true,
    };
    cache.set(node.id, { source: node, used, selected, at, made });
    return made;
  });
}

interface Connected {
  inputs: Set<string>;
  outputs: Set<string>;
}

const NONE: Connected = { inputs: new Set(), outputs: new Set() };

/** The ports of each node that connections lead to or from. */
function connectedPorts(document: WorkflowDocument): Map<string, Connected> {
  const map = new Map<string, Connected>();
  const of = (id: string) => {
    const known = map.get(id) ?? { inputs: new Set<string>(), outputs: new Set<string>() };
    map.set(id, known);
    return known;
  };
  for (const edge of document.edges) {
    of(edge.source).outputs.add(edge.sourcePort);
    of(edge.target).inputs.add(edge.targetPort);
  }
  return map;
}

function cardData(node: WorkflowNode, catalogue: Catalogue, connected: Connected): CardData {
  const entry = findType(catalogue, node.type, node.version);
  const inputs = withLost(inputPorts(entry, node), connected.inputs);
  const outputs = withLost(outputPorts(node, entry), connected.outputs);
  const open = outputs.filter((port) => port.below || !connected.outputs.has(port.name)).map((port) => port.name);
  return { node, entry, inputs, outputs, shape: shapeOf(inputs, outputs), open: open.join(" ") };
}

/** The ports of a node, and after them those that only connections know: what is lost must be seen to be mended. */
function withLost(ports: readonly Port[], connected: ReadonlySet<string>): CardPort[] {
  const known = new Set(ports.map((port) => port.name));
  const lost = [...connected].filter((name) => !known.has(name));
  return [
    ...ports.map((port) => ({ ...port, lost: false })),
    ...lost.map((name) => ({ name, label: name, emits: "maybe" as const, lost: true })),
  ];
}

/** Sticky notes and group frames, behind the nodes: groups behind notes. Without a selection they are only shown. */
export function toFlowNotes(
  document: WorkflowDocument,
  selection?: ReadonlySet<string>,
  dragged?: ReadonlyMap<string, Position>,
): NoteNode[] {
  const editable = selection !== undefined;
  return (document.notes ?? []).map((note) => {
    const size = { width: note.width ?? 240, height: note.height ?? 160 };
    return {
      id: note.id,
      type: "note",
      position: dragged?.get(note.id) ?? note.position,
      ...size,
      measured: size,
      data: { note },
      zIndex: note.kind === "group" ? -2 : -1,
      selected: selection?.has(note.id) ?? false,
      selectable: editable,
      draggable: editable,
      focusable: editable,
      connectable: false,
      ariaLabel: `${note.kind === "group" ? strings.canvas.group : strings.canvas.note}: ${(note.text ?? "").slice(0, 60)}`,
      ...(editable ? {} : { style: { pointerEvents: "none" as const } }),
    };
  });
}

/** The edges between `nodes`, which say where the nodes stand while they are dragged. */
export function toFlowEdges(
  document: WorkflowDocument,
  nodes: readonly CardNode[],
  selection: ReadonlySet<string>,
  cache: EdgeCache,
): LineEdge[] {
  const names = new Map(document.nodes.map((node) => [node.id, node.name]));
  const boxes = new Map(
    nodes.map((node) => [node.id, { ...node.position, width: NODE_WIDTH, height: node.data.shape.height }]),
  );
  const cards = new Map(nodes.map((node) => [node.id, node.data]));
  // What hangs below a node is led to downwards, whatever is left or right of it.
  const below = (id: string, name: string) => cards.get(id)?.outputs.some((port) => port.below && port.name === name);
  const around = detours(
    document.edges.filter((edge) => !below(edge.source, edge.sourcePort)),
    boxes,
  );
  const isLost = (ports: CardPort[] | undefined, name: string) =>
    ports?.some((port) => port.lost && port.name === name);
  return document.edges.map((edge) => {
    const label = `${names.get(edge.source) ?? ""} → ${names.get(edge.target) ?? ""}`;
    const selected = selection.has(edge.id);
    const detour = around.get(edge.id) ?? null;
    const lost =
      isLost(cards.get(edge.source)?.outputs, edge.sourcePort) ||
      isLost(cards.get(edge.target)?.inputs, edge.targetPort);
    const now = { source: edge, label, selected, detour, lost: lost === true };
    const known = cache.get(edge.id);
    if (known && (Object.keys(now) as (keyof typeof now)[]).every((key) => known[key] === now[key])) return known.made;
    const made: LineEdge = {
      id: edge.id,
      type: "line",
      source: edge.source,
      sourceHandle: edge.sourcePort,
      target: edge.target,
      targetHandle: edge.targetPort,
      selected,
      ariaLabel: label,
      data: { label, detour, lost: now.lost },
    };
    cache.set(edge.id, { ...now, made });
    return made;
  });
}

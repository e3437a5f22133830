/** Where things are on the canvas. One place knows how large a node is; the drawing follows it. */

import type { Port } from "./catalogue";
import type { Position, WorkflowDocument, WorkflowNode } from "./document";

export const GRID = 20;
export const NODE_WIDTH = 220;
export const NODE_HEIGHT = 64;
/** Distance between ports. Two fit into the plain height, so that most nodes line up. */
export const PORT_STEP = 28;
const GAP_X = 100;
const GAP_Y = 56;

export function nodeHeight(outputs: number): number {
  return NODE_HEIGHT + Math.max(0, outputs - 2) * PORT_STEP;
}

/** The vertical place of port `index` of `count` on a node of `height`. */
export function portY(index: number, count: number, height: number): number {
  return height / 2 + (index - (count - 1) / 2) * PORT_STEP;
}

export function snap(position: Position): Position {
  return { x: Math.round(position.x / GRID) * GRID, y: Math.round(position.y / GRID) * GRID };
}

function overlaps(a: Position, b: Position): boolean {
  return Math.abs(a.x - b.x) < NODE_WIDTH + 16 && Math.abs(a.y - b.y) < NODE_HEIGHT + 16;
}

/** The first free place at or below `wanted`. */
export function freePlace(document: WorkflowDocument, wanted: Position): Position {
  let place = snap(wanted);
  while (document.nodes.some((node) => overlaps(node.position, place))) {
    place = { x: place.x, y: place.y + Math.ceil((NODE_HEIGHT + GAP_Y) / GRID) * GRID };
  }
  return place;
}

/** Where a node that follows `source` at `port` goes: to its right, level with the port. */
export function placeAfter(
  document: WorkflowDocument,
  source: WorkflowNode,
  ports: readonly Port[],
  port: string,
): Position {
  const index = Math.max(
    0,
    ports.findIndex((entry) => entry.name === port),
  );
  const offset = (index - (ports.length - 1) / 2) * (NODE_HEIGHT + GAP_Y);
  return freePlace(document, { x: source.position.x + NODE_WIDTH + GAP_X, y: source.position.y + offset });
}

/** The place right of everything there is, for a node added without a place. */
export function placeAtEnd(document: WorkflowDocument): Position {
  if (document.nodes.length === 0) return { x: 0, y: 0 };
  const last = document.nodes.reduce((a, b) => (b.position.x > a.position.x ? b : a));
  return freePlace(document, { x: last.position.x + NODE_WIDTH + GAP_X, y: last.position.y });
}

export function middle(nodes: readonly WorkflowNode[]): Position {
  const xs = nodes.map((node) => node.position.x + NODE_WIDTH / 2);
  const ys = nodes.map((node) => node.position.y + NODE_HEIGHT / 2);
  return { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 };
}

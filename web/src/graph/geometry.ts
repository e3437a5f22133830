/** Where things are on the canvas. One place knows how large a node is; the drawing follows it. */

import type { Catalogue, Port } from "./catalogue";
import { findType, inputPorts, outputPorts } from "./catalogue";
import type { Position, WorkflowDocument, WorkflowNode } from "./document";

export const GRID = 20;
export const NODE_WIDTH = 220;
export const NODE_HEIGHT = 64;
/** Distance between two outputs that fit into the plain height, so that most nodes line up. */
const PORT_STEP = 28;
/** The height of a port's row below the name, where a node has many. */
export const ROW_HEIGHT = 24;
/** The first row begins a little within the plain height. */
const ROWS_TOP = NODE_HEIGHT - 8;
/** Labels longer than this leave no room for the node's name beside them. */
const SHORT_LABEL = 10;
const GAP_X = 100;
const GAP_Y = 56;

/** How a node is drawn: its height, and the vertical place of each port; one below it is at its lower edge. */
export interface Shape {
  height: number;
  /** Whether ports have rows of their own below the name. */
  rows: boolean;
  inputs: number[];
  outputs: number[];
}

export interface Box extends Position {
  width: number;
  height: number;
}

/**
 * Returns the shape of a node with these ports. One input and up to two outputs with short labels stand beside the name.
 * More of them have a row each below it; a side with one port only has it beside the name, level with plain nodes.
 */
export function shapeOf(inputs: readonly Port[], outputs: readonly Port[]): Shape {
  const beside = outputs.filter((port) => !port.below);
  const long = beside.length > 1 && beside.some((port) => (port.label || port.name).length > SHORT_LABEL);
  const rows = inputs.length > 1 || beside.length > 2 || long;
  const places = (ports: readonly Port[]) =>
    ports.map((_, index) => {
      if (ports.length === 1) return NODE_HEIGHT / 2;
      if (rows) return ROWS_TOP + (index + 0.5) * ROW_HEIGHT;
      return NODE_HEIGHT / 2 + (index - (ports.length - 1) / 2) * PORT_STEP;
    });
  const most = Math.max(inputs.length, beside.length);
  const height = rows ? ROWS_TOP + most * ROW_HEIGHT + 8 : NODE_HEIGHT;
  const heights = places(beside);
  const own = outputs.map((port) => (port.below ? height : (heights.shift() ?? 0)));
  return { height, rows, inputs: places(inputs), outputs: own };
}

/** The place a node takes on the canvas. */
export function boxOf(node: WorkflowNode, catalogue: Catalogue): Box {
  const entry = findType(catalogue, node.type, node.version);
  const { height } = shapeOf(inputPorts(entry, node), outputPorts(node, entry));
  return { ...node.position, width: NODE_WIDTH, height };
}

export function snap(position: Position): Position {
  return { x: Math.round(position.x / GRID) * GRID, y: Math.round(position.y / GRID) * GRID };
}

/** The first free place at or below `wanted`, for a node of plain height. */
export function freePlace(document: WorkflowDocument, catalogue: Catalogue, wanted: Position): Position {
  const step = Math.ceil((NODE_HEIGHT + GAP_Y) / GRID) * GRID;
  return freeFor(document, catalogue, wanted, { width: NODE_WIDTH, height: NODE_HEIGHT }, step);
}

/** The first place at or below `wanted`, going down by `step`, where something of a size lies over no node. */
export function freeFor(
  document: WorkflowDocument,
  catalogue: Catalogue,
  wanted: Position,
  size: { width: number; height: number },
  step: number,
): Position {
  const boxes = document.nodes.map((node) => boxOf(node, catalogue));
  let place = snap(wanted);
  const taken = ({ x, y, width, height }: Box) =>
    place.x < x + width + 16 &&
    x < place.x + size.width + 16 &&
    place.y < y + height + 16 &&
    y < place.y + size.height + 16;
  while (boxes.some(taken)) place = { x: place.x, y: place.y + step };
  return place;
}

/** Where a node that hangs below `source` goes: under those that do already, so that lines go in at the left of each. */
function placeBelow(document: WorkflowDocument, catalogue: Catalogue, source: WorkflowNode): Position {
  const x = source.position.x + NODE_WIDTH / 2 + 2 * GRID;
  return freePlace(document, catalogue, { x, y: source.position.y + boxOf(source, catalogue).height + GAP_Y });
}

/** Where a node that follows `source` at `port` goes: to its right, level with the port, or below it. */
export function placeAfter(
  document: WorkflowDocument,
  catalogue: Catalogue,
  source: WorkflowNode,
  ports: readonly Port[],
  port: string,
): Position {
  if (ports.some((entry) => entry.name === port && entry.below)) return placeBelow(document, catalogue, source);
  const beside = ports.filter((entry) => !entry.below);
  const index = Math.max(
    0,
    beside.findIndex((entry) => entry.name === port),
  );
  const offset = (index - (beside.length - 1) / 2) * (NODE_HEIGHT + GAP_Y);
  return freePlace(document, catalogue, {
    x: source.position.x + NODE_WIDTH + GAP_X,
    y: source.position.y + offset,
  });
}

/** The place right of everything there is, for a node added without a place. */
export function placeAtEnd(document: WorkflowDocument, catalogue: Catalogue): Position {
  if (document.nodes.length === 0) return { x: 0, y: 0 };
  const last = document.nodes.reduce((a, b) => (b.position.x > a.position.x ? b : a));
  return freePlace(document, catalogue, { x: last.position.x + NODE_WIDTH + GAP_X, y: last.position.y });
}

export function middle(nodes: readonly { position: Position }[]): Position {
  const xs = nodes.map((node) => node.position.x + NODE_WIDTH / 2);
  const ys = nodes.map((node) => node.position.y + NODE_HEIGHT / 2);
  return { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 };
}

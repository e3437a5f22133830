/** The way of connections that lead back, to the left: around the nodes between their ends, not through them. */

import type { WorkflowEdge } from "./document";
import type { Box } from "./geometry";

/** The least room between a line and a node. */
const ROOM = 28;
/** The distance between two lines side by side. */
const LANE = 16;
/** How far a line runs out of a port before it turns. */
export const TURN = 24;

interface Lane {
  target: string;
  left: number;
  right: number;
  y: number;
}

/**
 * Returns, by edge id, the height at which an edge that leads back runs to the left: between the rows of its ends where
 * there is room, else below all that is in the way. Edges that lead forward are not in it. Edges into the same node share
 * a line; others run beside each other, the shorter ones nearer.
 */
export function detours(edges: readonly WorkflowEdge[], boxes: ReadonlyMap<string, Box>): Map<string, number> {
  const back = edges.flatMap((edge) => {
    const from = boxes.get(edge.source);
    const to = boxes.get(edge.target);
    if (!from || !to || to.x >= from.x + from.width) return [];
    return [{ edge, from, to, left: to.x - TURN, right: from.x + from.width + TURN }];
  });
  back.sort((a, b) => a.right - a.left - (b.right - b.left));
  const lanes: Lane[] = [];
  const heights = new Map<string, number>();
  for (const { edge, from, to, left, right } of back) {
    const between = [...boxes.values()].filter((box) => box.x < right && box.x + box.width > left);
    const gap = middleOf(from, to);
    const y =
      gap !== null && free(gap, between) && clear(gap, edge.target, left, right, lanes)
        ? gap
        : below(Math.max(from.y + from.height, to.y + to.height) + ROOM, edge.target, left, right, between, lanes);
    lanes.push({ target: edge.target, left, right, y });
    heights.set(edge.id, y);
  }
  return heights;
}

/** The height in the middle between two nodes of which one is well below the other. */
function middleOf(a: Box, b: Box): number | null {
  const [upper, lower] = a.y <= b.y ? [a, b] : [b, a];
  const top = upper.y + upper.height;
  return lower.y - top >= 2 * LANE ? (top + lower.y) / 2 : null;
}

function below(
  from: number,
  target: string,
  left: number,
  right: number,
  boxes: readonly Box[],
  lanes: readonly Lane[],
): number {
  let y = from;
  for (;;) {
    const box = boxes.find((other) => hits(y, other));
    if (box) {
      y = box.y + box.height + ROOM;
    } else if (clear(y, target, left, right, lanes)) {
      return y;
    } else {
      y += LANE;
    }
  }
}

const hits = (y: number, box: Box) => y > box.y - LANE && y < box.y + box.height + LANE;

const free = (y: number, boxes: readonly Box[]) => !boxes.some((box) => hits(y, box));

/** Whether no line to another node runs at this height along the way. */
function clear(y: number, target: string, left: number, right: number, lanes: readonly Lane[]): boolean {
  return !lanes.some(
    (lane) => lane.target !== target && Math.abs(lane.y - y) < LANE && lane.left < right && left < lane.right,
  );
}

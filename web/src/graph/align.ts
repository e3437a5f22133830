/** Nodes put in line or at equal distances. Pure. */

import type { Catalogue } from "./catalogue";
import type { Position, WorkflowDocument } from "./document";
import { type Box, boxOf } from "./geometry";

export const ALIGNMENTS = ["left", "center", "right", "top", "middle", "bottom", "spreadX", "spreadY"] as const;
export type Alignment = (typeof ALIGNMENTS)[number];

/** New places for the chosen nodes. Spreading leaves the outermost where they are. */
export function aligned(
  document: WorkflowDocument,
  catalogue: Catalogue,
  ids: ReadonlySet<string>,
  how: Alignment,
): Map<string, Position> {
  const boxes = new Map(
    document.nodes.filter((node) => ids.has(node.id)).map((node) => [node.id, boxOf(node, catalogue)]),
  );
  if (boxes.size < 2) return new Map();
  if (how === "spreadX") return spread(boxes, "x", "width");
  if (how === "spreadY") return spread(boxes, "y", "height");
  const all = [...boxes.values()];
  const left = Math.min(...all.map(({ x }) => x));
  const right = Math.max(...all.map(({ x, width }) => x + width));
  const top = Math.min(...all.map(({ y }) => y));
  const bottom = Math.max(...all.map(({ y, height }) => y + height));
  const place: Record<Exclude<Alignment, "spreadX" | "spreadY">, (box: Box) => Position> = {
    left: ({ y }) => ({ x: left, y }),
    center: ({ y, width }) => ({ x: Math.round((left + right - width) / 2), y }),
    right: ({ y, width }) => ({ x: right - width, y }),
    top: ({ x }) => ({ x, y: top }),
    middle: ({ x, height }) => ({ x, y: Math.round((top + bottom - height) / 2) }),
    bottom: ({ x, height }) => ({ x, y: bottom - height }),
  };
  return new Map([...boxes].map(([id, box]) => [id, place[how](box)]));
}

function spread(boxes: ReadonlyMap<string, Box>, axis: "x" | "y", size: "width" | "height"): Map<string, Position> {
  const order = [...boxes].sort(([, one], [, other]) => one[axis] - other[axis]);
  const first = order[0]?.[1];
  const last = order.at(-1)?.[1];
  if (!first || !last) return new Map();
  const filled = order.reduce((sum, [, box]) => sum + box[size], 0);
  const gap = (last[axis] + last[size] - first[axis] - filled) / (order.length - 1);
  let next = first[axis];
  return new Map(
    order.map(([id, box]) => {
      const place = { x: box.x, y: box.y, [axis]: Math.round(next) };
      next += box[size] + gap;
      return [id, { x: place.x, y: place.y }];
    }),
  );
}

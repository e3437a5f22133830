/** What travels with an entry of the palette that is dragged onto the canvas. */

import { type Catalogue, findType, type NodeType } from "../graph/catalogue";
import type { Params } from "../graph/document";

export const DRAG_TYPE = "application/x-stepweave-node";

export function dragged({ type, version }: NodeType, params: Params): string {
  return JSON.stringify({ type, version, params });
}

/** What was dragged; null for anything else. */
export function dropped(data: string, catalogue: Catalogue): { entry: NodeType; params: Params } | null {
  if (!data) return null;
  const { type, version, params } = JSON.parse(data) as { type: string; version: number; params: Params };
  const entry = findType(catalogue, type, version);
  return entry ? { entry, params } : null;
}

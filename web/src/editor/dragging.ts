/** What travels with an entry of the palette that is dragged onto the canvas. */

import { type Catalogue, findType } from "../graph/catalogue";
import type { Params } from "../graph/document";
import type { Choice } from "../graph/palette";

export const DRAG_TYPE = "application/x-stepweave-node";

export function dragged({ entry, params, name }: Choice): string {
  return JSON.stringify({ type: entry.type, version: entry.version, params, name });
}

/** What was dragged; null for anything else. */
export function dropped(data: string, catalogue: Catalogue): Pick<Choice, "entry" | "params" | "name"> | null {
  if (!data) return null;
  const { type, version, params, name } = JSON.parse(data) as {
    type: string;
    version: number;
    params: Params;
    name?: string;
  };
  const entry = findType(catalogue, type, version);
  return entry ? { entry, params, ...(name ? { name } : {}) } : null;
}

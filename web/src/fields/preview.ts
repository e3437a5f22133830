/** What an expression gives while it is written. */

import { createContext } from "react";
import type { PreviewRequest } from "../api/endpoints";

/** Where previews take their data from; null where there is no form with data. */
export const PreviewContext = createContext<PreviewRequest | null>(null);

/** Reads nodes whose names are not written in it. */
const RECKONED = /\$\(\s*[^'"`\s]|\$node\s*(?:\.|\[\s*[^'"\s])/;

/** A request with the pinned data alone that `text` can read: that of the items that come in, and of nodes it names. */
export function withPinsOf(where: PreviewRequest, text: string): PreviewRequest {
  const inputs = new Set(where.input.map(({ nodeId }) => nodeId));
  const named = Object.entries(where.names).filter(
    ([name, id]) => inputs.has(id) || text.includes(name) || text.includes(name.replace(/[\\']/g, "\\$&")),
  );
  const ids = new Set([...inputs, ...named.map(([, id]) => id)]);
  if (RECKONED.test(text)) return where;
  return { ...where, pinned: Object.fromEntries(Object.entries(where.pinned).filter(([id]) => ids.has(id))) };
}

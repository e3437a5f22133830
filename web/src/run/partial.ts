/** Output that comes bit by bit, while a node runs: for people who watch, gone when the node has ended. */

import type { ExecutionEvent, PartialText } from "../api/types";

export interface Coming {
  attempt: number;
  iteration: string;
  /** By input item. `begun`: it is known from its beginning. */
  items: Record<number, { text: string; begun: boolean; cut: boolean }>;
}

/** A later event of these types ends what comes: of the attempt, or of the run. */
const ENDS = new Set(["node.started", "node.waiting", "node.retrying", "node.succeeded", "node.failed"]);

/** What is coming at each node after an event; the same object where the event tells nothing of it. */
export function withPartial(known: Record<string, Coming>, event: ExecutionEvent): Record<string, Coming> {
  const { nodeId } = event;
  if (!nodeId) return known;
  const coming = known[nodeId];
  const iteration = event.iteration ?? "";
  const attempt = event.attempt ?? 1;
  if (event.type === "node.partial") {
    if (coming && coming.iteration === iteration && attempt < coming.attempt) return known;
    const same = coming && coming.iteration === iteration && attempt === coming.attempt;
    const items = same ? coming.items : {};
    return { ...known, [nodeId]: { attempt, iteration, items: withParts(items, event.parts ?? []) } };
  }
  if (!coming || !ENDS.has(event.type) || iteration !== coming.iteration || attempt < coming.attempt) return known;
  const { [nodeId]: _, ...others } = known;
  return others;
}

function withParts(items: Coming["items"], parts: readonly PartialText[]): Coming["items"] {
  const next = { ...items };
  for (const part of parts) {
    const before = part.offset === 0 ? undefined : next[part.item];
    next[part.item] = {
      text: (before?.text ?? "") + part.text,
      begun: before?.begun ?? part.offset === 0,
      cut: part.cut ?? false,
    };
  }
  return next;
}

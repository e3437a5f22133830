/** Pinned outputs: what a node gives in runs of the draft instead of running. */

import { listItems } from "../api/endpoints";
import type { Item } from "../graph/document";
import { setPinned } from "../graph/reducers";
import type { NodeRunState } from "../run/state";
import { strings } from "../strings";
import { messageOf, sentences } from "../ui/message";
import { toast } from "../ui/toasts";
import { edit } from "./store";

/** Of one node's pinned data, as the API takes it (api/services/workflows.py). */
export const MOST_PINNED_BYTES = 256 * 1024;
const PAGE = 100;

export type Pinned = Record<string, Item[]>;

/** The bytes that pinned data has as JSON. */
export const pinnedBytes = (pinned: Pinned): number => new TextEncoder().encode(JSON.stringify(pinned)).length;

export const pinnedCount = (pinned: Pinned): number =>
  Object.values(pinned).reduce((sum, items) => sum + items.length, 0);

/** Pins what a node gave in a run. Says so where it is too much, and leaves the document as it is. */
export async function pinOutput(executionId: string, run: NodeRunState): Promise<boolean> {
  const t = strings.parts;
  try {
    const pinned: Pinned = {};
    for (const [port, count] of Object.entries(run.sent)) {
      const items = await allItems(executionId, run, port, count);
      if (!items) {
        toast({ tone: "bad", title: t.pinFailed, detail: t.pinTooLarge(MOST_PINNED_BYTES / 1024 + 1) });
        return false;
      }
      pinned[port] = items;
    }
    return setPin(run.nodeId, pinned);
  } catch (error) {
    const { title, detail } = messageOf(error);
    toast({ tone: "bad", title: t.pinFailed, detail: sentences(title, detail) });
    return false;
  }
}

/** Pins data to a node as one step of undo; refuses more than the API takes. */
export function setPin(nodeId: string, pinned: Pinned): boolean {
  const bytes = pinnedBytes(pinned);
  if (bytes > MOST_PINNED_BYTES) {
    const t = strings.parts;
    toast({ tone: "bad", title: t.pinFailed, detail: t.pinTooLarge(Math.ceil(bytes / 1024)) });
    return false;
  }
  edit((document) => setPinned(document, nodeId, pinned));
  return true;
}

export function unpin(nodeId: string): void {
  edit((document) => setPinned(document, nodeId, null));
}

/** All items of a port, or null as soon as they are more than can be pinned. */
async function allItems(executionId: string, run: NodeRunState, port: string, count: number): Promise<Item[] | null> {
  const items: Item[] = [];
  while (items.length < count) {
    const page = await listItems(executionId, {
      nodeId: run.nodeId,
      iteration: run.iteration,
      direction: "out",
      port,
      offset: items.length,
      limit: PAGE,
    });
    if (page.items.length === 0) break;
    items.push(...page.items);
    if (pinnedBytes({ [port]: items }) > MOST_PINNED_BYTES) return null;
  }
  return items;
}

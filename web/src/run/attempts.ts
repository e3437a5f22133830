/** The attempts of nodes, from the events of an execution: its node runs tell of the latest only. Pure. */

import type { ErrorInfo, ExecutionEvent } from "../api/types";

export interface Attempt {
  nodeId: string;
  iteration: string;
  number: number;
  startedAt: string;
  /** Null while it is under way. */
  endedAt: string | null;
  /** Why it failed, whether or not another one followed. */
  error: ErrorInfo | null;
}

const ENDS = new Set(["node.retrying", "node.succeeded", "node.failed"]);

/** Every attempt, in the order they began. */
export function attemptsOf(events: readonly ExecutionEvent[]): Attempt[] {
  const found = new Map<string, Attempt>();
  for (const { type, nodeId, at, error, ...event } of events) {
    if (!nodeId || (type !== "node.started" && !ENDS.has(type))) continue;
    const iteration = event.iteration ?? "";
    const number = event.attempt ?? 1;
    const key = `${nodeId} ${iteration} ${number}`;
    const attempt = found.get(key) ?? { nodeId, iteration, number, startedAt: at, endedAt: null, error: null };
    found.set(key, ENDS.has(type) ? { ...attempt, endedAt: at, error: error ?? null } : attempt);
  }
  return [...found.values()];
}

/** The attempts of one node in one round, if there are several. */
export function severalOf(attempts: readonly Attempt[], nodeId: string, iteration: string): Attempt[] {
  const own = attempts.filter((one) => one.nodeId === nodeId && one.iteration === iteration);
  return own.length > 1 ? own : [];
}

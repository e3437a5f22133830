/** What waits in the debugger, as a fold over an execution's events. Pure. */

import type { ErrorInfo, ExecutionEvent } from "../api/types";
import type { Breakpoint } from "../graph/breakpoints";

export interface StopState {
  id: string;
  nodeId: string;
  iteration: string;
  reason: "node" | "edge" | "step" | "error";
  breakpoint: Breakpoint | null;
  /** The item for which its condition holds. */
  item: number | null;
  /** What is wrong with the condition. */
  problem: string | null;
  error: ErrorInfo | null;
  expiresAt: string;
}

export type Stops = Record<string, StopState>;

/** What an event tells of a stop: that something waits there, or (`action`) that somebody let it go. */
export interface StopTold {
  id: string;
  reason?: StopState["reason"];
  breakpoint?: Breakpoint | null;
  item?: number | null;
  problem?: string | null;
  error?: ErrorInfo | null;
  expiresAt?: string;
  action?: string;
  by?: string;
}

export function withStop(stops: Stops, event: ExecutionEvent): Stops {
  const told = event.stop;
  if (!told)
    return Object.keys(stops).length > 0 && event.type.startsWith("execution.") ? afterEnd(stops, event) : stops;
  if (event.type === "node.stopped") {
    return { ...stops, [told.id]: stopOf(told, event.nodeId ?? "", event.iteration ?? "") };
  }
  const { [told.id]: _, ...others } = stops;
  return others;
}

export function stopOf(told: StopTold, nodeId: string, iteration: string): StopState {
  return {
    id: told.id,
    nodeId,
    iteration,
    reason: told.reason ?? "node",
    breakpoint: told.breakpoint ?? null,
    item: told.item ?? null,
    problem: told.problem ?? null,
    error: told.error ?? null,
    expiresAt: told.expiresAt ?? "",
  };
}

/** Nothing waits in an execution that has ended. */
function afterEnd(stops: Stops, { type }: ExecutionEvent): Stops {
  return type === "execution.started" || type === "execution.response" ? stops : {};
}

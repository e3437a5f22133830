/** What is known of an execution, as a fold over its events. Pure: the same events always give the same state. */

import type {
  ErrorInfo,
  ExecutionDetail,
  ExecutionEvent,
  ExecutionStatus,
  LogLine,
  NodeRun,
  NodeRunStatus,
  OutputSource,
  RunCounts,
  Usage,
  Waiting,
} from "../api/types";
import type { WorkflowDocument, WorkflowEdge } from "../graph/document";
import { type Logs, NO_LOGS, withLines } from "./logs";
import { type Coming, withPartial } from "./partial";
import { type Stops, withStop } from "./stops";
import { withUsage } from "./usage";

/** How a node of an execution is shown. `unreached`: not reached yet; `skipped`: the execution ended without it. */
export type NodeState = NodeRunStatus | "unreached" | "queued" | "skipped" | "stopped";

export interface NodeRunState {
  nodeId: string;
  status: NodeRunStatus;
  attempt: number;
  startedAt: string | null;
  endedAt: string | null;
  durationMs: number | null;
  error: ErrorInfo | null;
  /** Items by input port. */
  received: Record<string, number>;
  /** Items by output port; a port that is missing emitted nothing. */
  sent: Record<string, number>;
  progress: { done: number; total: number } | null;
  /** Which round of its loops the run is in; empty outside loops. */
  iteration: string;
  /** How many runs there are, for a node in a loop. */
  runs: RunCounts | null;
  /** What it waits for, while it does. */
  waiting: Waiting | null;
  /** Where its output is from, when it was not made in this execution. */
  source: OutputSource | null;
}

export interface RunState {
  executionId: string;
  status: ExecutionStatus;
  startedAt: string | null;
  endedAt: string | null;
  durationMs: number | null;
  error: ErrorInfo | null;
  lastSeq: number;
  nodes: Record<string, NodeRunState>;
  /** What each node used, in all of its runs. */
  usage: Record<string, Usage>;
  /** What is coming bit by bit, by node. */
  coming: Record<string, Coming>;
  logs: Logs;
  /** What waits in the debugger, by the stop's id. */
  stops: Stops;
  /** Nodes that stood at a stop, and of which nothing was told since. */
  awaited: readonly string[];
}

export function isOver(status: ExecutionStatus): boolean {
  return status !== "queued" && status !== "running";
}

/** Whether a node has begun, or left a stop, of which no end is known. */
export function hasUnfinished(run: RunState): boolean {
  return (
    run.awaited.length > 0 ||
    Object.values(run.nodes).some(({ status }) => !["succeeded", "failed", "cancelled"].includes(status))
  );
}

export function emptyRun(executionId: string): RunState {
  return {
    executionId,
    status: "queued",
    startedAt: null,
    endedAt: null,
    durationMs: null,
    error: null,
    lastSeq: 0,
    nodes: {},
    usage: {},
    coming: {},
    logs: NO_LOGS,
    stops: {},
    awaited: [],
  };
}

function counts(ports: Record<string, { count: number }> | null | undefined): Record<string, number> {
  return Object.fromEntries(Object.entries(ports ?? {}).map(([port, batch]) => [port, batch.count]));
}

function received(ports: Record<string, { count: number }[]> | null | undefined): Record<string, number> {
  return Object.fromEntries(
    Object.entries(ports ?? {}).map(([port, batches]) => [port, batches.reduce((sum, batch) => sum + batch.count, 0)]),
  );
}

export function fromNodeRun(run: NodeRun): NodeRunState {
  return {
    nodeId: run.nodeId,
    status: run.status,
    attempt: run.attempt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    durationMs: run.durationMs,
    error: run.error,
    received: received(run.input),
    sent: counts(run.output),
    progress: null,
    iteration: run.iteration,
    runs: run.runs,
    waiting: run.status === "waiting" ? run.waiting : null,
    source: run.source ?? null,
  };
}

/** The state that the API's history gives, with the log lines that are known. */
export function fromHistory(detail: ExecutionDetail, logs: Logs): RunState {
  return {
    executionId: detail.id,
    status: detail.status,
    startedAt: detail.startedAt,
    endedAt: detail.endedAt,
    durationMs: detail.durationMs,
    error: detail.error,
    lastSeq: detail.lastSeq,
    nodes: Object.fromEntries(detail.nodeRuns.map((run) => [run.nodeId, fromNodeRun(run)])),
    usage: Object.fromEntries(detail.nodeRuns.flatMap((run) => (run.usage ? [[run.nodeId, run.usage]] : []))),
    coming: {},
    logs,
    stops: {},
    awaited: [],
  };
}

const ENDS: Record<string, ExecutionStatus> = {
  "execution.succeeded": "succeeded",
  "execution.failed": "failed",
  "execution.cancelled": "cancelled",
  "execution.timed_out": "timed_out",
};

/** Events about a node that move nothing. */
const ABOUT = new Set(["log", "usage", "partial", "stopped", "released"].map((what) => `node.${what}`));

/** Folds events in. Those it has (by `seq`) change nothing. */
export function withEvents(state: RunState, events: readonly ExecutionEvent[]): RunState {
  let next = state;
  const lines: LogLine[] = [];
  for (const event of events) {
    // A line that is known by its number is added once; one that the API's answer overtook is not lost.
    if (event.type === "node.log") lines.push(lineOf(event));
    if (event.seq <= next.lastSeq) continue;
    const usage = withUsage(next.usage, event);
    const coming = withPartial(next.coming, event);
    const stops = withStop(next.stops, event);
    const awaited = withAwaited(next.awaited, event);
    next = { ...withEvent(next, event), usage, coming, stops, awaited, lastSeq: event.seq };
  }
  const logs = withLines(next.logs, lines);
  return logs === next.logs ? next : { ...next, logs };
}

/** A node at a stop is awaited until it begins or, where it was skipped, ends. */
function withAwaited(awaited: readonly string[], event: ExecutionEvent): readonly string[] {
  const { nodeId } = event;
  if (!nodeId) return awaited;
  if (event.type === "node.stopped") return awaited.includes(nodeId) ? awaited : [...awaited, nodeId];
  return ABOUT.has(event.type) || !awaited.includes(nodeId) ? awaited : awaited.filter((one) => one !== nodeId);
}

function withEvent(state: RunState, event: ExecutionEvent): RunState {
  if (event.type === "execution.started") return { ...state, status: "running", startedAt: event.at };
  const end = ENDS[event.type];
  if (end) {
    const started = state.startedAt ? Date.parse(state.startedAt) : null;
    const durationMs = event.durationMs ?? (started === null ? null : Date.parse(event.at) - started);
    return { ...state, status: end, endedAt: event.at, durationMs, error: event.error ?? null };
  }
  return event.nodeId && !ABOUT.has(event.type) ? withNodeEvent(state, event, event.nodeId) : state;
}

function lineOf(event: ExecutionEvent): LogLine {
  return {
    seq: event.seq,
    nodeId: event.nodeId ?? null,
    at: event.at,
    level: event.level ?? "info",
    message: event.message ?? "",
    data: event.data,
  };
}

function withNodeEvent(state: RunState, event: ExecutionEvent, nodeId: string): RunState {
  const latest = state.nodes[nodeId];
  const iteration = event.iteration ?? "";
  const runs = withRun(latest, event, iteration);
  // Of a node in a loop the run that was begun last is shown; an earlier one that ends is counted.
  if (latest && event.type !== "node.started" && iteration !== latest.iteration) {
    return { ...state, nodes: { ...state.nodes, [nodeId]: { ...latest, runs } } };
  }
  const known = latest?.iteration === iteration ? latest : undefined;
  const attempt = event.attempt ?? known?.attempt ?? 1;
  // Events of an attempt that a later one has overtaken say nothing new, but for the end of one that waits: the phase
  // that ends it counts its attempts anew.
  if (known && attempt < known.attempt && known.status !== "waiting") return state;
  const base: NodeRunState = known ?? {
    nodeId,
    iteration,
    runs: null,
    waiting: null,
    status: "running",
    attempt,
    startedAt: event.at,
    endedAt: null,
    durationMs: null,
    error: null,
    received: {},
    sent: {},
    progress: null,
    source: null,
  };
  const node = { ...nextNode({ ...base, attempt: Math.max(attempt, base.attempt) }, event), runs };
  return { ...state, nodes: { ...state.nodes, [nodeId]: node } };
}

/** The counts of a node's runs after an event; null outside loops. */
function withRun(latest: NodeRunState | undefined, event: ExecutionEvent, iteration: string): RunCounts | null {
  if (!iteration) return null;
  const runs = latest?.runs ?? { total: 0, succeeded: 0, failed: 0 };
  switch (event.type) {
    case "node.started":
      return (event.attempt ?? 1) > 1 ? runs : { ...runs, total: runs.total + 1 };
    case "node.succeeded":
      return { ...runs, succeeded: runs.succeeded + 1 };
    case "node.failed":
      return { ...runs, failed: runs.failed + 1 };
    default:
      return runs;
  }
}

function nextNode(node: NodeRunState, event: ExecutionEvent): NodeRunState {
  const ended = {
    endedAt: event.at,
    durationMs: event.durationMs ?? null,
    received: event.input ? received(event.input) : node.received,
    progress: null,
    waiting: null,
  };
  switch (event.type) {
    case "node.started":
      return { ...node, status: "running", startedAt: event.at, endedAt: null, durationMs: null, error: null };
    case "node.waiting":
      return { ...node, ...ended, endedAt: null, status: "waiting", waiting: event.waiting ?? null };
    case "node.progress":
      return { ...node, progress: { done: event.done ?? 0, total: event.total ?? 0 } };
    case "node.retrying":
      return { ...node, ...ended, status: "retrying", error: event.error ?? null };
    case "node.succeeded":
      return {
        ...node,
        ...ended,
        status: "succeeded",
        error: null,
        sent: counts(event.output),
        source: event.source ?? null,
      };
    case "node.failed":
      return { ...node, ...ended, status: "failed", error: event.error ?? null, sent: counts(event.output) };
    default:
      return node;
  }
}

/** How every node of `document` stands. */
export function nodeStates(document: WorkflowDocument, run: RunState): Map<string, NodeState> {
  const over = isOver(run.status);
  const fed = new Set(
    document.edges
      .filter((edge) => (run.nodes[edge.source]?.sent[edge.sourcePort] ?? 0) > 0)
      .map((edge) => edge.target),
  );
  return new Map(
    document.nodes.map((node) => {
      const known = run.nodes[node.id]?.status;
      return [node.id, known ?? (over ? "skipped" : fed.has(node.id) ? "queued" : "unreached")];
    }),
  );
}

export type EdgeState = { kind: "idle" | "dead" } | { kind: "delivered"; count: number };

/** What went along an edge. */
export function edgeState(edge: WorkflowEdge, run: RunState): EdgeState {
  const source = run.nodes[edge.source];
  if (!source || (source.status !== "succeeded" && source.status !== "failed")) {
    return { kind: isOver(run.status) ? "dead" : "idle" };
  }
  const count = source.sent[edge.sourcePort];
  return count === undefined ? { kind: "dead" } : { kind: "delivered", count };
}

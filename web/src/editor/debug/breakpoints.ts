/** The breakpoints of the draft that is open. They are one's own: this browser keeps them, the workflow does not. */

import { create } from "zustand";
import { setBreakpoints } from "../../api/debugging";
import {
  type Breakpoint,
  behind,
  breakpointAt,
  type Place,
  toggled,
  usable,
  withCondition,
} from "../../graph/breakpoints";
import type { WorkflowDocument } from "../../graph/document";
import { isObject } from "../../graph/reading";
import { isOver } from "../../run/state";
import { strings } from "../../strings";
import { messageOf } from "../../ui/message";
import { toast } from "../../ui/toasts";
import { currentDocument, useEditor } from "../store";

export interface Debugging {
  workflowId: string;
  breakpoints: Breakpoint[];
  /** Whether a run stops after a step that failed. */
  onError: boolean;
  /** How long a stop waits. */
  minutes: number;
  /** The execution that is being debugged; null for none. */
  executionId: string | null;
  /** What was debugged last as it was when its run began: a breakpoint at what was drawn since is none of that run's. */
  runs: WorkflowDocument | null;
  /** The node that it started at, before which nothing runs; null for a trigger. */
  startNodeId: string | null;
  /** The stop that the panel shows; null for the first one. */
  shown: string | null;
  /** Whether the list of breakpoints is open. */
  listing: boolean;
}

const PREFIX = "stepweave.breakpoints.";
const LAST_RUN = "stepweave.debugRun.";
export const DEFAULT_MINUTES = 30;
export const MOST_MINUTES = 1440;

const NONE: Debugging = {
  workflowId: "",
  breakpoints: [],
  onError: true,
  minutes: DEFAULT_MINUTES,
  executionId: null,
  runs: null,
  startNodeId: null,
  shown: null,
  listing: false,
};

export const useDebugging = create<Debugging>(() => NONE);

/** Takes up what this browser keeps for a workflow. */
export function openBreakpoints(workflowId: string): void {
  useDebugging.setState({ ...NONE, workflowId, ...kept(workflowId) });
}

function kept(workflowId: string): Partial<Debugging> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(PREFIX + workflowId) ?? "null");
    if (!isObject(stored) || !Array.isArray(stored.breakpoints)) return {};
    const breakpoints = stored.breakpoints.filter(isObject) as unknown as Breakpoint[];
    return { breakpoints, onError: stored.onError !== false, minutes: Number(stored.minutes) || DEFAULT_MINUTES };
  } catch {
    return {};
  }
}

/** Changes what is kept; a run that goes on learns of it. */
export function change(what: Partial<Pick<Debugging, "breakpoints" | "onError" | "minutes">>): void {
  useDebugging.setState(what);
  const { workflowId, breakpoints, onError, minutes, executionId } = useDebugging.getState();
  try {
    localStorage.setItem(PREFIX + workflowId, JSON.stringify({ breakpoints, onError, minutes }));
  } catch {
    // Storage is full or off limits: they are known until the page is left.
  }
  const { runStore, runExecutionId } = useEditor.getState();
  if (!executionId || executionId !== runExecutionId || !runStore || isOver(runStore.getState().run.status)) return;
  const { runs, startNodeId } = useDebugging.getState();
  setBreakpoints(executionId, usableIn(runs ?? currentDocument(), startNodeId), onError).catch((error: unknown) => {
    const { title, detail } = messageOf(error);
    toast({ tone: "bad", title: strings.debug.notSet, detail: [title, detail].filter(Boolean).join(". ") });
  });
}

/** The breakpoints that a run of a document takes: of one that starts at a node, those at what follows it. */
export function usableIn(document: WorkflowDocument, startNodeId: string | null): Breakpoint[] {
  const found = usable(document, useEditor.getState().catalogue, useDebugging.getState().breakpoints);
  if (!startNodeId) return found;
  const runs = behind(document, startNodeId);
  return found.filter(({ nodeId, edge }) => runs.has(nodeId ?? edge?.target ?? ""));
}

/** A debug run that goes on, as this browser keeps it for after a reload: of each workflow the one it started last. */
export interface KeptRun {
  executionId: string;
  startNodeId: string | null;
  /** Whether it takes the data that is pinned in the draft. */
  pinned: boolean;
}

/** Notes that a run of what `useDebugging` has as `runs` has begun. */
export function keepRun(run: KeptRun): void {
  useDebugging.setState({ executionId: run.executionId, startNodeId: run.startNodeId, shown: null });
  try {
    localStorage.setItem(LAST_RUN + useDebugging.getState().workflowId, JSON.stringify(run));
  } catch {
    // Storage is full or off limits: after a reload it is found in the list of executions.
  }
}

export function keptRun(workflowId: string): KeptRun | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(LAST_RUN + workflowId) ?? "null");
    if (!isObject(stored) || typeof stored.executionId !== "string") return null;
    const startNodeId = typeof stored.startNodeId === "string" ? stored.startNodeId : null;
    return { executionId: stored.executionId, startNodeId, pinned: stored.pinned !== false };
  } catch {
    return null;
  }
}

export function forgetRun(workflowId: string): void {
  try {
    localStorage.removeItem(LAST_RUN + workflowId);
  } catch {
    // It is asked for once more, and found to be over.
  }
}

/** A document as a run has it that does not take pinned data. */
export function unpinned(document: WorkflowDocument): WorkflowDocument {
  return { ...document, nodes: document.nodes.map(({ pinned: _, ...node }) => node) };
}

export function toggleBreakpoint(place: Place): void {
  change({ breakpoints: toggled(useDebugging.getState().breakpoints, place) });
}

export function setCondition(place: Place, condition: string): void {
  change({ breakpoints: withCondition(useDebugging.getState().breakpoints, place, condition) });
}

/** Sets or clears them at all that is selected. */
export function toggleAtSelection(): void {
  const { nodes, edges, history } = useEditor.getState();
  const { present } = history;
  const places: Place[] = [
    ...present.nodes.filter(({ id }) => nodes.has(id)).map(({ id }) => ({ nodeId: id })),
    ...present.edges
      .filter(({ id }) => edges.has(id))
      .map(({ source, sourcePort, target, targetPort }) => ({ edge: { source, sourcePort, target, targetPort } })),
  ];
  let { breakpoints } = useDebugging.getState();
  const missing = places.filter((place) => !breakpointAt(breakpoints, place));
  for (const place of missing.length > 0 ? missing : places) breakpoints = toggled(breakpoints, place);
  if (places.length > 0) change({ breakpoints });
}

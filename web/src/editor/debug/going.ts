/** Letting a node go on from its stop. */

import { goOn, type Ports, type StopAction } from "../../api/debugging";
import { ApiError } from "../../api/problem";
import { isOver } from "../../run/state";
import type { StopState } from "../../run/stops";
import type { RunStore } from "../../run/store";
import { strings } from "../../strings";
import { messageOf } from "../../ui/message";
import { toast } from "../../ui/toasts";
import { useEditor } from "../store";
import { useDebugging } from "./breakpoints";

/** What waits, the first one first. */
export function waitingAt(store: RunStore | null): StopState[] {
  return Object.values(store?.getState().run.stops ?? {});
}

/** The stop that the panel shows: the one that was picked, else the first. */
export function shownStop(stops: readonly StopState[], shown: string | null): StopState | undefined {
  return stops.find(({ id }) => id === shown) ?? stops[0];
}

/** What somebody has put in at stops and what is not sent yet: items, or a text that is none. */
const edits = new Map<string, Ports | "wrong">();

export function keepEdit(stopId: string, items: Ports | "wrong" | null): void {
  if (items) edits.set(stopId, items);
  else edits.delete(stopId);
}

export function editOf(stopId: string): Ports | null {
  const edit = edits.get(stopId);
  return edit === "wrong" ? null : (edit ?? null);
}

/** Lets a node go on. Returns whether it did; a toast says why not. */
export async function letGo(
  store: RunStore,
  executionId: string,
  stop: StopState,
  action: StopAction,
): Promise<boolean> {
  if (action !== "fail" && edits.get(stop.id) === "wrong") {
    // The buttons are off then; a key must not send what came in in place of what stands there.
    toast({ tone: "bad", title: strings.debug.failed, detail: strings.debug.wrongItems });
    return false;
  }
  try {
    await goOn(executionId, stop.id, action, action === "fail" ? null : editOf(stop.id));
    release(store, stop.id);
    return true;
  } catch (error) {
    const over = error instanceof ApiError && (error.code === "stop_ended" || error.code === "stop_gone");
    if (over) release(store, stop.id);
    const { title, detail } = messageOf(error);
    const fields = error instanceof ApiError ? error.fields.map(({ field, message }) => `${field}: ${message}`) : [];
    const told = over
      ? { title, detail }
      : { title: strings.debug.failed, detail: fields.join(" ") || detail || title };
    toast({ tone: over ? "info" : "bad", ...told });
    return false;
  }
}

/** It waits no more: the panel need not wait for the event that says so. */
function release(store: RunStore, stopId: string): void {
  edits.delete(stopId);
  store.setState(({ run }) => {
    const { [stopId]: _, ...stops } = run.stops;
    return { run: { ...run, stops } };
  });
}

/** Lets the stop that is shown of a run go on; null where the run is over, or there is none. */
export function resumeIn(
  store: RunStore | null,
  executionId: string | null,
  action: "run" | "step",
): Promise<boolean> | null {
  if (!store || !executionId || isOver(store.getState().run.status)) return null;
  const stop = shownStop(waitingAt(store), useDebugging.getState().shown);
  return stop ? letGo(store, executionId, stop, action) : Promise.resolve(false);
}

/** The same in the editor; null where no debug run is going on in it. */
export function resume(action: "run" | "step"): Promise<boolean> | null {
  const { runStore, runExecutionId } = useEditor.getState();
  return useDebugging.getState().executionId === runExecutionId ? resumeIn(runStore, runExecutionId, action) : null;
}

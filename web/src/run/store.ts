/** Watches one execution: history from the API, then events from the live connection, gathered per animation frame. */

import { createStore, type StoreApi } from "zustand";
import { getExecution, listLogs } from "../api/endpoints";
import { ApiError } from "../api/problem";
import type { ExecutionDetail, ExecutionEvent } from "../api/types";
import type { LiveConnection } from "../live/connection";
import { emptyRun, fromHistory, isOver, type RunState, withEvents } from "./state";

export interface RunStoreState {
  run: RunState;
  /** The execution as the API has it; null until it was read, and for runs followed from their first event. */
  detail: ExecutionDetail | null;
  error: unknown;
}

export type RunStore = StoreApi<RunStoreState>;

/** An execution that was just started may not be written yet: ask again this often before saying it is unknown. */
const NOT_YET_TRIES = 12;
const NOT_YET_MS = 400;
/** While the live connection is down, the API is asked instead. */
const FALLBACK_MS = 5000;

export interface Watched {
  store: RunStore;
  stop(): void;
}

/** Watches from history: for the run view, which may open an execution of any age. */
export function watchExecution(id: string, live: LiveConnection): Watched {
  return watched(id, live, true);
}

/** Watches from the first event: for a run that this tab has just started and whose document it has. */
export function watchFreshRun(id: string, live: LiveConnection): Watched {
  return watched(id, live, false);
}

function watched(id: string, live: LiveConnection, history: boolean): Watched {
  const store = createStore<RunStoreState>(() => ({ run: emptyRun(id), detail: null, error: null }));
  const abort = new AbortController();
  let unsubscribe: (() => void) | null = null;
  let waiting: ExecutionEvent[] = [];
  let frame = 0;

  const flush = () => {
    frame = 0;
    const events = waiting;
    waiting = [];
    store.setState(({ run }) => ({ run: withEvents(run, events) }));
    if (isOver(store.getState().run.status)) void settle();
  };
  const listen = () => {
    unsubscribe ??= live.subscribe(`execution:${id}`, store.getState().run.lastSeq, {
      events(events) {
        waiting.push(...events);
        // Many events in one frame are one drawing; a hidden tab has no frames, so a timer stands in.
        frame ||= document.hidden ? window.setTimeout(flush, 200) : requestAnimationFrame(flush);
      },
    });
  };
  const read = async () => {
    const [detail, logs] = await Promise.all([
      patiently(() => getExecution(id, abort.signal), abort.signal),
      listLogs(id, abort.signal).catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 404) return [];
        throw error;
      }),
    ]);
    if (abort.signal.aborted) return;
    store.setState(({ run }) => {
      const fresh = fromHistory(detail, logs);
      // What the events have told already is newer than what was read.
      return fresh.lastSeq >= run.lastSeq ? { run: fresh, detail, error: null } : { run, detail, error: null };
    });
  };
  /** The end is known: what the API has now is complete, with durations as recorded. */
  const settle = async () => {
    unsubscribe?.();
    unsubscribe = null;
    clearInterval(fallback);
    if (history) await read().catch(() => undefined);
  };
  const begin = async () => {
    if (history) await read();
    if (!abort.signal.aborted && !isOver(store.getState().run.status)) listen();
  };
  const fallback = setInterval(() => {
    if (live.status === "open" || isOver(store.getState().run.status)) return;
    void read().catch(() => undefined);
  }, FALLBACK_MS);

  begin().catch((error: unknown) => {
    if (!abort.signal.aborted) store.setState({ error });
  });
  return {
    store,
    stop() {
      abort.abort();
      clearInterval(fallback);
      unsubscribe?.();
      cancelAnimationFrame(frame);
    },
  };
}

async function patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const missing = error instanceof ApiError && error.status === 404;
      if (!missing || tries >= NOT_YET_TRIES || signal.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, NOT_YET_MS));
    }
  }
}

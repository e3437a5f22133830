/** Watches one execution: history from the API, then events from the live connection, gathered per animation frame. */

/** Watches one execution: history from the API, then events from the live connection, gathered per animation frame. */

import { createStore, type StoreApi } from "zustand";
import { listStops } from "../api/debugging";
import { getExecution, LOGS_PAGE, listLogs } from "../api/endpoints";
import { ApiError } from "../api/problem";
import type { ExecutionDetail, ExecutionEvent } from "../api/types";
import type { LiveConnection } from "../live/connection";
import { withLines } from "./logs";
import { emptyRun, fromHistory, hasUnfinished, isOver, type RunState, withEvents } from "./state";
import { type Stops, type StopTold, stopOf } from "./stops";

export interface RunStoreState {
  run: RunState;
  /** The execution as the API has it; null until it was read, and for runs followed from their first event. */
  detail: ExecutionDetail | null;
  error: unknown;
  /** Why the log lines before those that came live could not be read; null where they could. */
  logsError: unknown;
}

export type RunStore = StoreApi<RunStoreState>;

/** An execution that was just started may not be written yet: ask again this often before saying it is unknown. */
const NOT_YET_TRIES = 12;
const NOT_YET_MS = 400;
/** While the live connection is down, the API is asked instead. */
const FALLBACK_MS = 5000;
/** How long the ends of nodes are waited for that are told after the execution's. */
const LATE_MS = 3000;

export interface Watched {
  store: RunStore;
  stop(): void;
}

export function emptyStore(id: string): RunStoreState {
  return { run: emptyRun(id), detail: null, error: null, logsError: null };
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
  const store = createStore<RunStoreState>(() => emptyStore(id));
  const abort = new AbortController();
  const readLogs = logReader(id, store, abort.signal);
  let unsubscribe: (() => void) | null = null;
  let waiting: ExecutionEvent[] = [];
  let frame = 0;
  let timer = 0;
  let late = 0;

  const flush = () => {
    frame = 0;
    timer = 0;
    const events = waiting;
    waiting = [];
    store.setState(({ run }) => ({ run: withEvents(run, events) }));
    if (isOver(store.getState().run.status)) void settle();
  };
  const listen = () => {
    unsubscribe ??= live.subscribe(`execution:${id}`, store.getState().run.lastSeq, {
      events(events) {
        waiting.push(...events);
        if (frame || timer) return;
        // Many events in one frame are one drawing; a hidden tab has no frames, so a timer stands in.
        if (document.hidden) timer = window.setTimeout(flush, 200);
        else frame = requestAnimationFrame(flush);
      },
      refused() {
        if (store.getState().run.lastSeq === 0) store.setState({ error: new ApiError("problem", 404, {}) });
      },
    });
  };
  const read = async () => {
    const detail = await patiently(() => getExecution(id, abort.signal), abort.signal);
    const stops = detail.debug && !isOver(detail.status) ? await stopsOf(id, abort.signal) : {};
    if (abort.signal.aborted) return;
    store.setState(({ run }) => {
      const known = fromHistory(detail, run.logs);
      const awaited = run.awaited.filter((nodeId) => !(nodeId in known.nodes));
      const fresh = { ...known, coming: run.coming, awaited, stops };
      // What the events have told already is newer than what was read.
      return { run: fresh.lastSeq >= run.lastSeq ? fresh : run, detail, error: null };
    });
  };
  const leave = () => {
    clearTimeout(late);
    unsubscribe?.();
    unsubscribe = null;
  };
  /** The end is known. The last node's may be told after it: until then this listens on, and asks the API in the end. */
  const settle = async () => {
    clearInterval(fallback);
    if (history && !late) await read().catch(() => undefined);
    if (abort.signal.aborted) return;
    if (!hasUnfinished(store.getState().run)) leave();
    else if (!late) {
      late = window.setTimeout(() => {
        leave();
        void read().catch(() => undefined);
      }, LATE_MS);
    }
  };
  const begin = async () => {
    if (history) await read();
    if (abort.signal.aborted) return;
    // The lines are read after the run, so that none between the two is missing: those behind it come as events too.
    if (history) void readLogs();
    if (!isOver(store.getState().run.status)) listen();
  };
  const fallback = setInterval(() => {
    if (live.status === "open" || isOver(store.getState().run.status)) return;
    void read().then(readLogs, () => undefined);
  }, FALLBACK_MS);

  begin().catch((error: unknown) => {
    if (!abort.signal.aborted) store.setState({ error });
  });
  return {
    store,
    stop() {
      abort.abort();
      clearInterval(fallback);
      leave();
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    },
  };
}

/** Returns what reads the log lines that the API has behind those it read before, page by page, into a store. */
function logReader(id: string, store: RunStore, signal: AbortSignal): () => Promise<void> {
  let after = 0;
  let reading = false;
  return async () => {
    if (reading || store.getState().run.logs.cut) return;
    reading = true;
    try {
      for (let more = true; more && !signal.aborted && !store.getState().run.logs.cut; ) {
        const lines = await listLogs(id, after, signal);
        after = lines.at(-1)?.seq ?? after;
        more = lines.length === LOGS_PAGE;
        store.setState(({ run }) => ({ run: { ...run, logs: withLines(run.logs, lines) }, logsError: null }));
      }
    } catch (logsError) {
      if (!signal.aborted) store.setState({ logsError });
    } finally {
      reading = false;
    }
  };
}

/** What waits in a debug run: its events were before what is listened to. */
async function stopsOf(id: string, signal: AbortSignal): Promise<Stops> {
  const { stops } = await listStops(id, signal);
  return Object.fromEntries(stops.map((stop) => [stop.id, stopOf(stop as StopTold, stop.nodeId, stop.iteration)]));
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

import { createContext, useContext } from "react";
import { createStore, useStore } from "zustand";
import { emptyStore, type RunStore, type RunStoreState } from "./store";

/** The execution shown on the canvas around, or null where none is. */
export const RunContext = createContext<RunStore | null>(null);

const NONE: RunStore = createStore<RunStoreState>(() => emptyStore(""));

/** A part of the run shown here; null where no run is shown. */
export function useRun<T>(select: (state: RunStoreState) => T): T | null {
  const store = useContext(RunContext);
  const value = useStore(store ?? NONE, select);
  return store ? value : null;
}

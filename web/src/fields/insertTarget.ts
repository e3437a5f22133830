import { create } from "zustand";

/** The field of the form that was in use last: where a chosen field of the data goes without a drag. */
export interface InsertTarget {
  title: string;
  insert(path: string): void;
}

export const useInsertTarget = create<{ target: InsertTarget | null }>(() => ({ target: null }));

/** Forgets a field that is no longer there. */
export function forgetTarget(target: InsertTarget): void {
  if (useInsertTarget.getState().target === target) useInsertTarget.setState({ target: null });
}

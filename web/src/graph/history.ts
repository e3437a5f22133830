/** Undo and redo over any immutable value. */

export interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
  /** Changes with the same key, one right after the other, are undone together. */
  key: string | null;
}

const LIMIT = 200;

export function started<T>(present: T): History<T> {
  return { past: [], present, future: [], key: null };
}

/** Records `next`. With `key` equal to the change before, the two become one step. */
export function recorded<T>(history: History<T>, next: T, key: string | null = null): History<T> {
  if (next === history.present) return history;
  if (key !== null && key === history.key && history.past.length > 0) {
    return { past: history.past, present: next, future: [], key };
  }
  return { past: [...history.past.slice(-LIMIT + 1), history.present], present: next, future: [], key };
}

export function undone<T>(history: History<T>): History<T> {
  const present = history.past.at(-1);
  if (present === undefined) return history;
  return { past: history.past.slice(0, -1), present, future: [history.present, ...history.future], key: null };
}

export function redone<T>(history: History<T>): History<T> {
  const present = history.future[0];
  if (present === undefined) return history;
  return { past: [...history.past, history.present], present, future: history.future.slice(1), key: null };
}

/** Ends the current run of merged changes. */
export function sealed<T>(history: History<T>): History<T> {
  return history.key === null ? history : { ...history, key: null };
}

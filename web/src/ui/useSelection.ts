import { useCallback, useMemo, useRef, useState } from "react";

const NOTHING: ReadonlySet<string> = new Set();

export interface Selection {
  /** Those of the list that are selected. */
  chosen: ReadonlySet<string>;
  /** How a box for all of them stands. */
  all: boolean | "indeterminate";
  /** Selects one or takes it out; with `range` everything from the last one that was changed to it. */
  set(id: string, on: boolean, range: boolean): void;
  setAll(on: boolean): void;
  clear(): void;
}

/** What is selected in a list. What the list does not show (any more) is not selected. */
export function useSelection(ids: readonly string[]): Selection {
  const [marked, setMarked] = useState(NOTHING);
  const last = useRef<string | null>(null);
  const chosen = useMemo(() => new Set(ids.filter((id) => marked.has(id))), [ids, marked]);
  const set = useCallback(
    (id: string, on: boolean, range: boolean) => {
      const changed = range ? between(ids, last.current ?? id, id) : [id];
      last.current = id;
      setMarked((before) => {
        const next = new Set(before);
        for (const one of changed) {
          if (on) next.add(one);
          else next.delete(one);
        }
        return next;
      });
    },
    [ids],
  );
  const setAll = useCallback((on: boolean) => setMarked(on ? new Set(ids) : NOTHING), [ids]);
  const clear = useCallback(() => setMarked(NOTHING), []);
  const all = chosen.size === 0 ? false : chosen.size === ids.length ? true : "indeterminate";
  return { chosen, all, set, setAll, clear };
}

function between(ids: readonly string[], one: string, other: string): readonly string[] {
  const places = [ids.indexOf(one), ids.indexOf(other)].sort((a, b) => a - b);
  const [from = -1, to = -1] = places;
  return from < 0 ? [other] : ids.slice(from, to + 1);
}

import { useEffect } from "react";
import type { RunStore } from "../../run/store";
import type { Running } from "../useRunning";
import { toggleAtSelection } from "./breakpoints";
import { resume, resumeIn } from "./going";

const DIALOG = "[role=dialog], [role=alertdialog], [role=menu]";

/** F8 debugs and runs on, F10 steps, F9 sets breakpoints: wherever one is in the editor, but for dialogs and menus. */
export function useDebugKeys(debug: Running["debug"]): void {
  useEffect(
    () =>
      onKeys([
        ["F8", () => void (resume("run") ?? debug(false))],
        ["F9", toggleAtSelection],
        ["F10", () => void (resume("step") ?? debug(true))],
      ]),
    [debug],
  );
}

/** F8 runs on and F10 steps in the debug run that a page shows; nothing where it shows none. */
export function useStopKeys(store: RunStore | null, executionId: string, debugged: boolean): void {
  useEffect(() => {
    if (!debugged) return;
    return onKeys([
      ["F8", () => void resumeIn(store, executionId, "run")],
      ["F10", () => void resumeIn(store, executionId, "step")],
    ]);
  }, [store, executionId, debugged]);
}

/** Listens for keys on the page; returns what ends that. */
function onKeys(keys: readonly (readonly [key: string, act: () => void])[]): () => void {
  const acts = new Map(keys);
  const onKeyDown = (event: KeyboardEvent) => {
    const act = acts.get(event.key);
    const plain = !event.metaKey && !event.ctrlKey && !event.altKey && !event.shiftKey;
    if (!act || !plain || event.defaultPrevented) return;
    if (event.target instanceof Element && event.target.closest(DIALOG)) return;
    event.preventDefault();
    if (!event.repeat) act();
  };
  document.addEventListener("keydown", onKeyDown);
  return () => document.removeEventListener("keydown", onKeyDown);
}

import { useEffect } from "react";
import type { Running } from "../useRunning";
import { toggleAtSelection } from "./breakpoints";
import { resume } from "./going";

const DIALOG = "[role=dialog], [role=alertdialog], [role=menu]";

/** F8 debugs and runs on, F10 steps, F9 sets breakpoints: wherever one is in the editor, but for dialogs and menus. */
export function useDebugKeys(debug: Running["debug"]): void {
  useEffect(() => {
    const keys = new Map<string, () => void>([
      ["F8", () => void (resume("run") ?? debug(false))],
      ["F9", toggleAtSelection],
      ["F10", () => void (resume("step") ?? debug(true))],
    ]);
    const onKeyDown = (event: KeyboardEvent) => {
      const act = keys.get(event.key);
      const plain = !event.metaKey && !event.ctrlKey && !event.altKey && !event.shiftKey;
      if (!act || !plain || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest(DIALOG)) return;
      event.preventDefault();
      if (!event.repeat) act();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [debug]);
}

import { useReactFlow } from "@xyflow/react";
import { useEffect } from "react";
import type { Direction } from "../graph/connectable";
import {
  deleteSelection,
  duplicateSelection,
  pasteText,
  selectAll,
  selectionText,
  toggleDisabledSelection,
} from "./actions";
import { middleOf } from "./CanvasControls";
import { connectSelection } from "./ConnectDialog";
import { isFocusLost, isOnCanvas } from "./canvasFocus";
import { goToNeighbour, zoomToSelection } from "./moving";
import { openPickerInMiddle } from "./NodePicker";
import { addNote, groupSelection, tidyUp } from "./placing";
import { redo, select, undo, useEditor } from "./store";

export interface ShortcutTargets {
  save(): void;
  run(): void;
  help(): void;
  commands(): void;
}

const ARROWS: Record<string, Direction> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

/** Whether a node itself has the focus, not a button on it. */
function isOnNode(target: EventTarget | null): boolean {
  return target instanceof Element && target.classList.contains("react-flow__node");
}

/** A name for the pressed keys: `mod+shift+z`. */
function chord(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const mod = event.metaKey || event.ctrlKey;
  // `?` needs Shift on many keyboards; the character already says so.
  const shift = event.shiftKey && (mod || key.length > 1);
  return [mod && "mod", shift && "shift", key].filter(Boolean).join("+");
}

/** With nothing focused they act too: the browser would undo in a field that was left, and focus it. */
const ALSO_LOST: ReadonlySet<string> = new Set(["mod+z", "mod+shift+z", "mod+y"]);

/** The editor's keys: they act on the canvas only. Those with a modifier that mean the workflow work while typing too. */
export function useShortcuts({ save, run, help, commands }: ShortcutTargets): void {
  const { fitView, screenToFlowPosition } = useReactFlow();
  useEffect(() => {
    const always: Record<string, () => void> = { "mod+s": save, "mod+Enter": run, "mod+k": commands };
    const rename = () => {
      const { nodes } = useEditor.getState();
      const [id] = nodes;
      if (nodes.size === 1 && id) useEditor.setState({ renaming: id });
    };
    const clear = () => select([]);
    const onCanvas: Record<string, () => void> = {
      "mod+z": undo,
      "mod+shift+z": redo,
      "mod+y": redo,
      "mod+a": selectAll,
      "mod+d": duplicateSelection,
      d: toggleDisabledSelection,
      a: openPickerInMiddle,
      c: connectSelection,
      f: () => void fitView({ padding: 0.08, maxZoom: 1, duration: 250 }),
      z: () => zoomToSelection(fitView),
      Delete: deleteSelection,
      Backspace: deleteSelection,
      Escape: clear,
      "?": help,
      F2: rename,
      n: () => addNote(middleOf(screenToFlowPosition)),
      t: () => void tidyUp(),
      m: () => useEditor.setState(({ minimap }) => ({ minimap: !minimap })),
      "mod+g": groupSelection,
    };
    // Before React Flow, which moves the selected nodes by arrow keys whatever is held with them.
    const onArrow = (event: KeyboardEvent) => {
      const direction = event.metaKey || event.ctrlKey ? ARROWS[event.key] : undefined;
      if (!direction || !isOnCanvas(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      goToNeighbour(direction);
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const keys = chord(event);
      if (keys === "Enter" && isOnNode(event.target)) {
        useEditor.setState(({ nodes }) => ({ expanded: nodes.size === 1 }));
        return;
      }
      const acts = isOnCanvas(event.target) || (ALSO_LOST.has(keys) && isFocusLost());
      const action = always[keys] ?? (acts ? onCanvas[keys] : undefined);
      if (!action || event.defaultPrevented) return;
      event.preventDefault();
      action();
    };
    let pointer = { x: window.innerWidth / 2, y: window.innerHeight / 2 };
    const onMove = (event: PointerEvent) => {
      pointer = { x: event.clientX, y: event.clientY };
    };
    const onCopy = (event: ClipboardEvent) => {
      if (!isOnCanvas(document.activeElement) || window.getSelection()?.toString()) return;
      const text = selectionText();
      if (text === null) return;
      event.preventDefault();
      event.clipboardData?.setData("text/plain", text);
      if (event.type === "cut") deleteSelection();
    };
    const onPaste = (event: ClipboardEvent) => {
      if (!isOnCanvas(document.activeElement)) return;
      event.preventDefault();
      pasteText(event.clipboardData?.getData("text/plain") ?? "", screenToFlowPosition(pointer));
    };
    document.addEventListener("keydown", onArrow, true);
    document.addEventListener("keydown", onKeyDown);
    document.addEventListener("pointermove", onMove, { passive: true });
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCopy);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("keydown", onArrow, true);
      document.removeEventListener("keydown", onKeyDown);
      document.removeEventListener("pointermove", onMove);
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCopy);
      document.removeEventListener("paste", onPaste);
    };
  }, [save, run, help, commands, fitView, screenToFlowPosition]);
}

/**
 * The canvas and the keyboard. The editor's keys act only while something on the canvas has the focus, so that what is
 * typed anywhere else, or goes astray because a field is gone, never changes the workflow.
 */

import { useEffect, useLayoutEffect } from "react";
import { useEditor } from "./store";

/** Marks the element that holds the canvas and what lies over it. */
export const CANVAS = { "data-canvas": "", tabIndex: -1 } as const;
const SELECTOR = "[data-canvas]";
/** Menus and dialogs give the focus back a moment after they are gone. */
const SETTLED_MS = [50, 250];

/** Whether an element is on the canvas, and nothing that takes text. */
export function isOnCanvas(target: EventTarget | null): boolean {
  if (!(target instanceof Element) || target.closest(SELECTOR) === null) return false;
  const takesText = target instanceof HTMLElement && target.isContentEditable;
  return !takesText && target.closest("input, textarea, select, [role=dialog], .cm-editor") === null;
}

export function focusCanvas(): void {
  document.querySelector<HTMLElement>(SELECTOR)?.focus({ preventScroll: true });
}

/** Keeps the focus on the canvas when what has it there is about to go. */
export function keepCanvasFocus(): void {
  if (isOnCanvas(document.activeElement)) focusCanvas();
}

/** Ends writing into a field by Enter: one goes on at the canvas, unless a dialog is open. */
export function leaveField(field: HTMLElement): void {
  field.blur();
  takeUp();
}

/** What a button beside the canvas does to it: who pressed it with a pointer goes on there. */
export function onCanvas(act: () => void): (event?: { detail: number }) => void {
  return (event) => {
    act();
    if (!event || event.detail > 0) focusCanvas();
  };
}

/**
 * Gives the canvas the focus when the editor opens, and when it was lost because nodes came or went or a dialog
 * closed: who picked one from a list, deleted one by a menu, or looked at one over the whole window, goes on there.
 */
export function useCanvasFocus(): void {
  const parts = useEditor(({ history: { present } }) => present.nodes.length + (present.notes?.length ?? 0));
  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs when parts come or go.
  useLayoutEffect(() => {
    takeUp();
    const timers = SETTLED_MS.map((ms) => setTimeout(takeUp, ms));
    return () => timers.forEach(clearTimeout);
  }, [parts]);
  // Dialogs and lists that no button opened (by a key, at a place) give the focus back to nothing when they close.
  useEffect(() => {
    const observer = new MutationObserver((records) => {
      if (records.some(({ removedNodes }) => removedNodes.length > 0)) setTimeout(takeUp);
    });
    observer.observe(document.body, { childList: true });
    return () => observer.disconnect();
  }, []);
}

/** Whether nothing has the focus, and nothing is open that is about to take it. */
export function isFocusLost(): boolean {
  const lost = document.activeElement === null || document.activeElement === document.body;
  return lost && !document.querySelector("[role=dialog], [role=alertdialog], [role=menu]");
}

function takeUp(): void {
  if (isFocusLost()) focusCanvas();
}

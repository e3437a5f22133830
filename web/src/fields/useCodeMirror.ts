import { redo } from "@codemirror/commands";
import { Annotation, Compartment, EditorState, type Extension, Prec, Transaction } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import { smallestChange } from "./smallestChange";

/** A change that did not come from who writes here. */
const fromOutside = Annotation.define<true>();

/** Redo by Shift, also where a locked Shift makes the letter small again: then it would be undo. */
const redoing = Prec.highest(
  keymap.of([
    {
      any: (view, event) =>
        (event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === "z" && (redo(view) || true),
    },
  ]),
);

interface CodeMirror {
  host: RefObject<HTMLDivElement | null>;
  /** The editor, while it is on the page. */
  view: RefObject<EditorView | null>;
}

/**
 * Holds an editor in an element, from the first frame to the last: it is never made anew while somebody writes.
 *
 * `value` from outside (undo, another version) changes the text only where it differs, so the caret and what can be
 * undone here stay. What was written here comes back as `value` later, while more is written: that changes nothing.
 * While an input method composes, nothing from outside is shown. `extensions` are read once; `changing` may change.
 */
export function useCodeMirror(
  value: string,
  onChange: (value: string) => void,
  extensions: () => Extension,
  changing: Extension = [],
): CodeMirror {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(onChange);
  const compartment = useRef(new Compartment());
  /** What was told and has not come back yet, the oldest first. */
  const told = useRef<string[]>([]);
  const wanted = useRef(value);
  const shown = useRef(changing);
  latest.current = onChange;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; what changes is handed in below.
  useLayoutEffect(() => {
    const parent = host.current;
    if (!parent) return;
    const listen = EditorView.updateListener.of((update) => {
      if (!update.docChanged || update.transactions.every((one) => one.annotation(fromOutside))) return;
      const text = update.state.doc.toString();
      told.current.push(text);
      wanted.current = text;
      latest.current(text);
    });
    const settle = EditorView.domEventHandlers({
      compositionend: () => {
        // Once the editor has taken what was composed.
        setTimeout(() => {
          follow(view.current, wanted.current);
          configure();
        });
      },
    });
    const state = EditorState.create({
      doc: value,
      // Who comes by Tab or by the field's own buttons goes on behind what is there.
      selection: { anchor: value.length },
      extensions: [redoing, extensions(), listen, settle, compartment.current.of(changing)],
    });
    const made = new EditorView({ state, parent });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, []);
  const configure = () => {
    if (view.current?.compositionStarted) return;
    view.current?.dispatch({ effects: compartment.current.reconfigure(shown.current) });
  };
  useLayoutEffect(() => {
    const known = told.current.lastIndexOf(value);
    if (known >= 0) {
      told.current.splice(0, known + 1);
      return;
    }
    told.current = [];
    wanted.current = value;
    follow(view.current, value);
  }, [value]);
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `configure` reads refs only.
  useEffect(() => {
    shown.current = changing;
    if (!first.current) configure();
    first.current = false;
  }, [changing]);
  return { host, view };
}

/** Brings the text to what is wanted from outside. That is not for the editor's own undo: it has its own elsewhere. */
function follow(view: EditorView | null, wanted: string): void {
  if (!view || view.compositionStarted) return;
  const changes = smallestChange(view.state.doc.toString(), wanted);
  if (changes) view.dispatch({ changes, annotations: [fromOutside.of(true), Transaction.addToHistory.of(false)] });
}

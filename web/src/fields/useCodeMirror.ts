import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { type RefObject, useEffect, useRef } from "react";

/**
 * Holds an editor in an element. `value` from outside (undo, another version) replaces the text only where it differs,
 * so the cursor stays while one types. `extensions` are read once; `changing` may change.
 */
export function useCodeMirror(
  value: string,
  onChange: (value: string) => void,
  extensions: () => Extension,
  changing: Extension = [],
): RefObject<HTMLDivElement | null> {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(onChange);
  const compartment = useRef(new Compartment());
  latest.current = onChange;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; what changes is handed in below.
  useEffect(() => {
    const parent = host.current;
    if (!parent) return;
    const listen = EditorView.updateListener.of((update) => {
      if (update.docChanged) latest.current(update.state.doc.toString());
    });
    const state = EditorState.create({
      doc: value,
      extensions: [extensions(), listen, compartment.current.of(changing)],
    });
    const made = new EditorView({ state, parent });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, []);
  useEffect(() => {
    const current = view.current;
    if (!current || current.state.doc.toString() === value) return;
    current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    view.current?.dispatch({ effects: compartment.current.reconfigure(changing) });
  }, [changing]);
  return host;
}

/** What else happens to the text of an editor than being typed. */

import type { EditorView } from "@codemirror/view";
import type { RefObject } from "react";
import { type Placing, putField } from "./expressionText";

export interface TextEditorHandle {
  /** Puts a field of the data where the caret is, or was last. */
  putField(path: string): void;
  /** Puts empty braces where the caret is, with the caret between them. */
  openBraces(): void;
  /** Replaces the text by what is made of it. */
  replace(change: (text: string) => string): void;
}

/** Each change leaves the focus in the editor, and is one step of its undo. */
export function handleOf(view: RefObject<EditorView | null>, placing: Placing): TextEditorHandle {
  const place = (from: number, to: number, insert: string, caret: number) => {
    const selection = { anchor: from + caret };
    view.current?.dispatch({ changes: { from, to, insert }, selection, userEvent: "input", scrollIntoView: true });
    view.current?.focus();
  };
  return {
    putField: (path) => {
      const editor = view.current;
      if (editor) putField(editor, editor.state.selection.main.head, path, placing);
    },
    openBraces: () => {
      const editor = view.current;
      if (!editor) return;
      const { from, to, insert } = placing(editor.state.doc.toString(), editor.state.selection.main.head, "");
      place(from, to, insert, insert.indexOf("}}") - 1);
    },
    replace: (change) => {
      const text = view.current?.state.doc.toString() ?? "";
      const next = change(text);
      place(0, text.length, next, next.length);
    },
  };
}

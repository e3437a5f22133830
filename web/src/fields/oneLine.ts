/** An editor of one line: Enter adds none, and what is pasted with line ends gets spaces, as in any text input. */

import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";

const LINE_ENDS = /\r\n|[\r\n\u2028\u2029]/g;

/** A text of several lines as one line. */
export const inOneLine = (text: string): string => text.replace(LINE_ENDS, " ");

/** Lines that were there stay: only what is written here is held to one. */
const filter = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || !transaction.isUserEvent("input")) return transaction;
  const changes: { from: number; to: number; insert: string }[] = [];
  let several = false;
  transaction.changes.iterChanges((from, to, _from, _to, inserted) => {
    several ||= inserted.lines > 1;
    changes.push({ from, to, insert: inOneLine(inserted.toString()) });
  });
  if (!several) return transaction;
  return [{ ...specOf(transaction), changes }];
});

type Filtered = Parameters<Parameters<typeof EditorState.transactionFilter.of>[0]>[0];

/** The caret goes behind what came in. */
function specOf({ selection, scrollIntoView }: Filtered) {
  return { ...(selection ? { selection } : {}), scrollIntoView, userEvent: "input.paste" };
}

export const oneLine: Extension = [
  filter,
  keymap.of([{ key: "Enter", run: () => true, shift: () => true }]),
  EditorView.theme({ ".cm-scroller": { overflowX: "auto", scrollbarWidth: "none" } }),
];

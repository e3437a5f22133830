import { type Extension, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";
import { wrongRange } from "./wrong";

const look = EditorView.theme({
  ".cm-wrong": { textDecoration: "underline wavy var(--bad)", textUnderlineOffset: "3px" },
});

/** Underlines what is wrong at a place, which counts code points; it stays with its text while somebody types elsewhere. */
export function wrongMark(place: number | null): Extension {
  if (place === null) return [];
  const marks = StateField.define<DecorationSet>({
    create(state) {
      const range = wrongRange(state.doc.toString(), place);
      return range
        ? Decoration.set([Decoration.mark({ class: "cm-wrong" }).range(range.from, range.to)])
        : Decoration.none;
    },
    update: (found, transaction) => found.map(transaction.changes),
    provide: (field) => EditorView.decorations.from(field),
  });
  return [marks, look];
}

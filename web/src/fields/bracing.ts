/**
 * Braces that close themselves: the second `{` of `{{` brings its `}}`, and typing these goes over them. What is typed
 * always comes out as it was typed, however fast: nothing is doubled, and nothing else pairs up outside of expressions.
 */

import { closeBrackets } from "@codemirror/autocomplete";
import { EditorState, type Extension, Prec, RangeSet, RangeValue, StateEffect, StateField } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { isInside } from "./inserting";

/** A closing brace that nobody typed. */
class Closer extends RangeValue {
  override startSide = 1;
  override endSide = -1;
}
const closer = new Closer();
const closed = StateEffect.define<number>({ map: (at, changes) => changes.mapPos(at, 1) });

/** Where braces stand that nobody typed. A pair is forgotten once it is typed over, deleted, or its line is left. */
const closers = StateField.define<RangeSet<Closer>>({
  create: () => RangeSet.empty,
  update(known, transaction) {
    let now = known.map(transaction.changes);
    const { state } = transaction;
    if (transaction.selection) {
      const line = state.doc.lineAt(state.selection.main.head);
      now = now.update({ filter: (from) => from >= line.from && from < line.to });
    }
    now = now.update({ filter: (from, to) => to === from + 1 && state.sliceDoc(from, to) === "}" });
    for (const effect of transaction.effects) {
      if (!effect.is(closed)) continue;
      const at = effect.value;
      now = now.update({ add: [closer.range(at, at + 1), closer.range(at + 1, at + 2)] });
    }
    return now;
  },
});

/** What may stand behind `{{` for it to be closed: nothing that could be meant to be within. */
const OPENS_BEFORE = /^(?:$|[\s"'`),.;:!?<>/&\]|-])/;

const typed = EditorView.inputHandler.of((view, from, to, text) => {
  if (view.composing || view.state.readOnly || from !== to) return false;
  const { doc } = view.state;
  const line = doc.lineAt(from);
  if (text === "{") {
    const before = line.text.slice(0, from - line.from);
    const isSecond = before.endsWith("{") && !before.endsWith("{{");
    if (!isSecond || isInside(doc.sliceString(0, from - 1))) return false;
    if (!OPENS_BEFORE.test(line.text.slice(from - line.from))) return false;
    view.dispatch({
      changes: { from, insert: "{}}" },
      selection: { anchor: from + 1 },
      effects: closed.of(from + 1),
      userEvent: "input.type",
      scrollIntoView: true,
    });
    return true;
  }
  if (text !== "}" || !isCloser(view.state, from)) return false;
  view.dispatch({ selection: { anchor: from + 1 }, userEvent: "input.type", scrollIntoView: true });
  return true;
});

function isCloser(state: EditorState, at: number): boolean {
  let found = false;
  state.field(closers).between(at, at + 1, (from) => {
    found ||= from === at;
  });
  return found;
}

/** Backspace behind the opening braces takes those away that came with them. */
function deletePair(view: EditorView): boolean {
  const { main } = view.state.selection;
  const at = main.head;
  if (!main.empty || view.state.sliceDoc(at - 2, at) !== "{{") return false;
  if (!isCloser(view.state, at) || !isCloser(view.state, at + 1)) return false;
  view.dispatch({ changes: { from: at - 1, to: at + 2 }, userEvent: "delete.backward", scrollIntoView: true });
  return true;
}

/** Within an expression brackets and quotes close as in any code editor; in the text around it nothing does. */
const PAIRS = { brackets: ["(", "[", "'", '"', "`"] };
const NO_PAIRS = { brackets: [] };
const inExpressions = EditorState.languageData.of((state, at) => [
  { closeBrackets: isInside(state.sliceDoc(0, at)) ? PAIRS : NO_PAIRS },
]);

export const braces: Extension = [
  closers,
  Prec.high(typed),
  Prec.high(keymap.of([{ key: "Backspace", run: deletePair }])),
];

/** Braces, and brackets and quotes within them: for text that is no code itself. */
export const bracing: Extension = [braces, inExpressions, closeBrackets()];

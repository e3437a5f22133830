/** What every editor of text with `{{ }}` has: its marks, completion, and fields of the data that are put into it. */

import {
  acceptCompletion,
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  closeCompletion,
  completionKeymap,
  completionStatus,
  pickedCompletion,
  selectedCompletion,
} from "@codemirror/autocomplete";
import { type Extension, Prec } from "@codemirror/state";
import {
  Decoration,
  dropCursor,
  EditorView,
  keymap,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import { completionsAt, otherNode } from "./completions";
import { FIELD_TYPE, type TextChange } from "./inserting";
import { type ExpressionScope, withFields } from "./scope";

const mark = new MatchDecorator({
  regexp: /\{\{[\s\S]*?\}\}/g,
  decoration: Decoration.mark({ class: "cm-expression" }),
});

const marked = ViewPlugin.fromClass(
  class {
    decorations;
    constructor(view: EditorView) {
      this.decorations = mark.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.decorations = mark.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

const look = EditorView.theme({
  ".cm-expression, .cm-expression *": { color: "var(--expression)" },
  ".cm-expression": {
    background: "var(--expression-soft)",
    borderRadius: "3px",
    fontFamily: "var(--font-mono)",
    fontSize: "12.5px",
  },
  ".cm-dropCursor": { borderLeft: "2px solid var(--expression)" },
});

/** How a field gets into a text at a place. */
export type Placing = (text: string, position: number, path: string) => TextChange;

/** Puts a field of the data into an editor, with the caret behind it. It is one step of undo. */
export function putField(view: EditorView, position: number, path: string, placing: Placing): void {
  const { from, to, insert } = placing(view.state.doc.toString(), position, path);
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length },
    userEvent: "input.drop",
    scrollIntoView: true,
  });
  view.focus();
}

const hasField = (event: DragEvent) => event.dataTransfer?.types.includes(FIELD_TYPE) ?? false;

/** A field of the data that is dropped goes where it is dropped. */
function takesFields(placing: Placing): Extension {
  return [
    dropCursor(),
    EditorView.domEventHandlers({
      dragover(event) {
        if (!hasField(event)) return false;
        event.preventDefault();
        if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
        // The cursor that shows where it would go still has to see it.
        return false;
      },
      drop(event, view) {
        const path = event.dataTransfer?.getData(FIELD_TYPE);
        if (!path) return false;
        event.preventDefault();
        const at = view.posAtCoords({ x: event.clientX, y: event.clientY }) ?? view.state.doc.length;
        putField(view, at, path, placing);
        return true;
      },
    }),
  ];
}

function source(scope: () => ExpressionScope) {
  return (context: CompletionContext): CompletionResult | null | Promise<CompletionResult | null> => {
    const known = scope();
    const before = context.state.sliceDoc(0, context.pos);
    const name = otherNode(before);
    if (!name || !known.load) return resultOf(context, before, known);
    return known
      .load(name)
      .then((fields) => resultOf(context, before, fields ? withFields(known, name, fields) : known));
  };
}

function resultOf(context: CompletionContext, before: string, scope: ExpressionScope): CompletionResult | null {
  const found = completionsAt(before, scope);
  if (!found || (found.options.length === 0 && !context.explicit)) return null;
  const options = found.options.map(({ bracket, apply, ...option }): Completion => {
    const taken = bracket && apply ? inPlaceOfDot(apply) : apply;
    return { ...option, type: "variable", ...(taken ? { apply: taken } : {}) };
  });
  return { from: context.pos - found.typed.length, options, validFor: /^[\w$]*$/ };
}

/** Puts brackets where the dot stands that was typed before them. */
function inPlaceOfDot(text: string) {
  return (view: EditorView, completion: Completion, from: number, to: number) => {
    const dot = view.state.sliceDoc(from - 1, from) === "." ? from - 1 : from;
    // Of an optional chain the dot stays: `?.[0]`.
    const start = view.state.sliceDoc(dot - 1, dot) === "?" ? from : dot;
    view.dispatch({
      changes: { from: start, to, insert: text },
      selection: { anchor: start + text.length },
      userEvent: "input.complete",
      annotations: pickedCompletion.of(completion),
    });
  };
}

/** Enter takes what is offered, unless just that is written already: then it means what it means without an offer. */
function take(view: EditorView): boolean {
  if (completionStatus(view.state) !== "active") return false;
  const chosen = selectedCompletion(view.state);
  if (!chosen) return false;
  const before = view.state.sliceDoc(0, view.state.selection.main.head);
  const isWritten = typeof chosen.apply !== "function" && before.endsWith(chosen.apply ?? chosen.label);
  if (!isWritten) return acceptCompletion(view);
  closeCompletion(view);
  return false;
}

const completionKeys = [{ key: "Enter", run: take }, ...completionKeymap.filter(({ key }) => key !== "Enter")];

export function expressionText(scope: () => ExpressionScope, placing: Placing): Extension {
  return [
    autocompletion({ override: [source(scope)], icons: false, defaultKeymap: false }),
    Prec.highest(keymap.of(completionKeys)),
    marked,
    takesFields(placing),
    look,
  ];
}

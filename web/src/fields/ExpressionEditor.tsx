import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  completionKeymap,
  pickedCompletion,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import { Decoration, EditorView, keymap, MatchDecorator, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { useMemo, useRef } from "react";
import { completionsAt, otherNode } from "./completions";
import { editorLook } from "./editorTheme";
import { FIELD_TYPE, fieldAt, INSERT_EVENT } from "./inserting";
import { type ExpressionScope, withFields } from "./scope";
import { useCodeMirror } from "./useCodeMirror";
import { wrongMark } from "./wrongMark";

interface ExpressionEditorProps {
  label: string;
  value: string;
  onChange(value: string): void;
  multiline: boolean;
  scope: ExpressionScope;
  describedBy: string | undefined;
  /** Where it is wrong, in code points. */
  wrongAt: number | null;
}

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
  ".cm-expression": {
    color: "var(--expression)",
    background: "var(--expression-soft)",
    borderRadius: "3px",
  },
  ".cm-content": { padding: "5px 0" },
});

/** One line: a pressed Enter and pasted line ends change nothing. */
const oneLine = EditorState.transactionFilter.of((transaction) => (transaction.newDoc.lines > 1 ? [] : transaction));

function put(view: EditorView, position: number, path: string): void {
  const text = fieldAt(view.state.doc.toString(), position, path);
  view.dispatch({ changes: { from: position, insert: text }, selection: { anchor: position + text.length } });
  view.focus();
}

/** A field of the data that is dropped goes where it is dropped; one that is chosen, where the cursor is. */
const takesFields = [
  EditorView.domEventHandlers({
    dragover(event) {
      if (!event.dataTransfer?.types.includes(FIELD_TYPE)) return false;
      event.preventDefault();
      return true;
    },
    drop(event, view) {
      const path = event.dataTransfer?.getData(FIELD_TYPE);
      if (!path) return false;
      event.preventDefault();
      event.stopPropagation();
      put(view, view.posAtCoords({ x: event.clientX, y: event.clientY }) ?? view.state.doc.length, path);
      return true;
    },
  }),
  ViewPlugin.fromClass(
    class {
      private readonly view: EditorView;
      private readonly take: (event: Event) => void;
      constructor(view: EditorView) {
        this.view = view;
        this.take = (event) => {
          event.preventDefault();
          const path = (event as CustomEvent<string>).detail;
          put(view, view.hasFocus ? view.state.selection.main.head : view.state.doc.length, path);
        };
        view.contentDOM.addEventListener(INSERT_EVENT, this.take);
      }
      destroy() {
        this.view.contentDOM.removeEventListener(INSERT_EVENT, this.take);
      }
    },
  ),
];

function source(latest: { readonly current: ExpressionScope }) {
  return (context: CompletionContext): CompletionResult | null | Promise<CompletionResult | null> => {
    const scope = latest.current;
    const before = context.state.sliceDoc(0, context.pos);
    const name = otherNode(before);
    if (!name || !scope.load) return resultOf(context, before, scope);
    return scope
      .load(name)
      .then((fields) => resultOf(context, before, fields ? withFields(scope, name, fields) : scope));
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

export function ExpressionEditor(props: ExpressionEditorProps) {
  const { label, value, onChange, multiline, scope, describedBy, wrongAt } = props;
  const latest = useRef(scope);
  latest.current = scope;
  const wrong = useMemo(() => wrongMark(wrongAt), [wrongAt]);
  const host = useCodeMirror(
    value,
    onChange,
    () => [
      history(),
      closeBrackets(),
      autocompletion({ override: [source(latest)], icons: false }),
      marked,
      takesFields,
      keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      multiline ? EditorView.lineWrapping : oneLine,
      EditorView.contentAttributes.of({
        "aria-label": label,
        ...(describedBy ? { "aria-describedby": describedBy } : {}),
      }),
      editorLook,
      look,
    ],
    wrong,
  );
  return <div ref={host} className={multiline ? "max-h-64 min-h-20 overflow-auto" : "overflow-x-auto"} />;
}

import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import { Decoration, EditorView, keymap, MatchDecorator, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { useMemo } from "react";
import { completionsAt } from "./completions";
import { editorLook } from "./editorTheme";
import { FIELD_TYPE, fieldAt, INSERT_EVENT } from "./inserting";
import type { ExpressionScope } from "./scope";
import { useCodeMirror } from "./useCodeMirror";

interface ExpressionEditorProps {
  label: string;
  value: string;
  onChange(value: string): void;
  multiline: boolean;
  scope: ExpressionScope;
  describedBy: string | undefined;
  /** Where the expression that fails begins. */
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
  ".cm-wrong": { textDecoration: "underline wavy var(--bad)", textUnderlineOffset: "3px" },
  ".cm-content": { padding: "5px 0" },
});

/** One line: a pressed Enter and pasted line ends change nothing. */
const oneLine = EditorState.transactionFilter.of((transaction) => (transaction.newDoc.lines > 1 ? [] : transaction));

/** Underlines the expression that begins at a position. */
function wrongMark(at: number | null) {
  if (at === null) return [];
  return EditorView.decorations.of((view) => {
    const text = view.state.doc.toString();
    const end = text.indexOf("}}", at);
    const to = end < 0 ? text.length : end;
    return at < to ? Decoration.set([Decoration.mark({ class: "cm-wrong" }).range(at, to)]) : Decoration.none;
  });
}

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

function source(scope: ExpressionScope) {
  return (context: CompletionContext): CompletionResult | null => {
    const before = context.state.sliceDoc(0, context.pos);
    const found = completionsAt(before, scope);
    if (!found || (found.options.length === 0 && !context.explicit)) return null;
    const options: Completion[] = found.options.map((option) => ({ ...option, type: "variable" }));
    return { from: context.pos - found.typed.length, options, validFor: /^[\w$]*$/ };
  };
}

export function ExpressionEditor(props: ExpressionEditorProps) {
  const { label, value, onChange, multiline, scope, describedBy, wrongAt } = props;
  const completion = useMemo(
    () => [autocompletion({ override: [source(scope)], icons: false }), wrongMark(wrongAt)],
    [scope, wrongAt],
  );
  const host = useCodeMirror(
    value,
    onChange,
    () => [
      history(),
      closeBrackets(),
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
    completion,
  );
  return <div ref={host} className={multiline ? "max-h-64 min-h-20 overflow-auto" : "overflow-x-auto"} />;
}

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
import type { ExpressionScope } from "./scope";
import { useCodeMirror } from "./useCodeMirror";

interface ExpressionEditorProps {
  label: string;
  value: string;
  onChange(value: string): void;
  multiline: boolean;
  scope: ExpressionScope;
  describedBy: string | undefined;
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

function source(scope: ExpressionScope) {
  return (context: CompletionContext): CompletionResult | null => {
    const before = context.state.sliceDoc(0, context.pos);
    const found = completionsAt(before, scope);
    if (!found || (found.options.length === 0 && !context.explicit)) return null;
    const options: Completion[] = found.options.map((option) => ({ ...option, type: "variable" }));
    return { from: context.pos - found.typed.length, options, validFor: /^[\w$]*$/ };
  };
}

export function ExpressionEditor({ label, value, onChange, multiline, scope, describedBy }: ExpressionEditorProps) {
  const completion = useMemo(() => autocompletion({ override: [source(scope)], icons: false }), [scope]);
  const host = useCodeMirror(
    value,
    onChange,
    () => [
      history(),
      closeBrackets(),
      marked,
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

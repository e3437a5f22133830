import { history, historyKeymap, standardKeymap } from "@codemirror/commands";
import { EditorView, keymap } from "@codemirror/view";
import { type RefObject, useImperativeHandle, useLayoutEffect, useMemo, useRef } from "react";
import { bracing } from "./bracing";
import { handleOf, type TextEditorHandle } from "./editorHandle";
import { editorLook } from "./editorTheme";
import { expressionText } from "./expressionText";
import { fieldAt } from "./inserting";
import { oneLine } from "./oneLine";
import type { ExpressionScope } from "./scope";
import { useCodeMirror } from "./useCodeMirror";
import { wrongMark } from "./wrongMark";

interface TextEditorProps {
  id?: string | undefined;
  label: string;
  value: string;
  onChange(value: string): void;
  multiline: boolean;
  placeholder?: string | undefined;
  scope: ExpressionScope;
  describedBy?: string | undefined;
  invalid: boolean;
  /** Where it is wrong, in code points. */
  wrongAt: number | null;
  /** It takes the focus as soon as it is there, with the caret where one goes on writing. */
  autoFocus?: boolean;
  handle: RefObject<TextEditorHandle | null>;
}

const look = EditorView.theme({
  "&": { fontSize: "var(--text-sm)" },
  ".cm-scroller": { fontFamily: "var(--font-sans)", lineHeight: "20px" },
  ".cm-content": { fontFamily: "inherit", padding: "5px 0" },
  ".cm-content[data-hint]::before": {
    content: "attr(data-hint)",
    position: "absolute",
    padding: "0 10px",
    color: "var(--ink-3)",
    whiteSpace: "nowrap",
    pointerEvents: "none",
  },
  // As high as its box: a click anywhere in it is one into the text, and a long hint has room.
  ".cm-content.cm-lineWrapping": { minHeight: "5rem" },
  ".cm-content.cm-lineWrapping[data-hint]::before": { left: "0", right: "0", whiteSpace: "pre-wrap" },
});

/** Text that may hold `{{ }}`, whether it does or not: one editor, so that nothing is lost when it begins or ceases to. */
export function TextEditor(props: TextEditorProps) {
  const { id, label, value, onChange, multiline, scope, describedBy, invalid, wrongAt, autoFocus, handle } = props;
  const latest = useRef(scope);
  latest.current = scope;
  const hint = props.placeholder;
  const changing = useMemo(
    () => [
      wrongMark(wrongAt),
      // Drawn, not written: whoever reads the field finds what is in it.
      EditorView.contentAttributes.of(
        ({ state }): Record<string, string> =>
          hint && state.doc.length === 0 ? { "data-hint": hint, "aria-placeholder": hint } : {},
      ),
      EditorView.contentAttributes.of({
        "aria-label": label,
        "aria-multiline": String(multiline),
        ...(id ? { id } : {}),
        ...(describedBy ? { "aria-describedby": describedBy } : {}),
        ...(invalid ? { "aria-invalid": "true" } : {}),
      }),
    ],
    [wrongAt, hint, label, multiline, id, describedBy, invalid],
  );
  const { host, view } = useCodeMirror(
    value,
    onChange,
    () => [
      history(),
      bracing,
      expressionText(() => latest.current, fieldAt),
      multiline ? EditorView.lineWrapping : oneLine,
      keymap.of([...historyKeymap, ...standardKeymap]),
      look,
      editorLook,
    ],
    changing,
  );
  useImperativeHandle(handle, () => handleOf(view, fieldAt), [view]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only where it begins.
  useLayoutEffect(() => {
    const editor = view.current;
    if (!autoFocus || !editor) return;
    const text = editor.state.doc.toString();
    editor.dispatch({ selection: { anchor: text.endsWith(" }}") ? text.length - 3 : text.length } });
    editor.focus();
  }, []);
  return <div ref={host} className={multiline ? "max-h-64 min-h-20 overflow-auto" : "overflow-hidden"} />;
}

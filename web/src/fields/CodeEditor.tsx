import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { PostgreSQL, sql } from "@codemirror/lang-sql";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { type RefObject, useImperativeHandle, useMemo, useRef } from "react";
import { cx } from "../ui/cx";
import { braces } from "./bracing";
import { CODE_NAMES } from "./codeNames";
import type { TextEditorHandle } from "./editorHandle";
import { handleOf } from "./editorHandle";
import { editorLook } from "./editorTheme";
import { expressionText } from "./expressionText";
import { fieldInJson } from "./inserting";
import type { ExpressionScope } from "./scope";
import { useCodeMirror } from "./useCodeMirror";
import { wrongMark } from "./wrongMark";

export interface CodeEditorProps {
  label: string;
  language: string;
  value: string;
  placeholder?: string | undefined;
  /** Where it is wrong, in code points. */
  wrongAt?: number | null;
  /** What expressions in it can refer to; without it, `{{ }}` means nothing here. */
  expressions?: ExpressionScope;
  handle?: RefObject<TextEditorHandle | null>;
  /** The ids of what is said of it. */
  describedBy?: string | undefined;
  invalid?: boolean | undefined;
  onChange(value: string): void;
}

const LANGUAGES: Record<string, () => Extension> = {
  javascript: () => javascript(),
  json: () => json(),
  // Python's own way: four spaces.
  python: () => [python(), indentUnit.of("    ")],
  sql: () => sql({ dialect: PostgreSQL, upperCaseKeywords: true }),
};

/** An editor for code. Escape, then Tab, leaves it: Tab alone indents. */
export function CodeEditor(props: CodeEditorProps) {
  const { label, language, value, placeholder: hint, wrongAt = null, expressions, handle, onChange } = props;
  const { describedBy, invalid = false } = props;
  const changing = useMemo(
    () => [
      wrongMark(wrongAt),
      EditorView.contentAttributes.of({
        "aria-label": label,
        ...(describedBy ? { "aria-describedby": describedBy } : {}),
        ...(invalid ? { "aria-invalid": "true" } : {}),
      }),
    ],
    [wrongAt, label, describedBy, invalid],
  );
  const scope = useRef(expressions);
  scope.current = expressions;
  const { host, view } = useCodeMirror(
    value,
    onChange,
    () => [
      lineNumbers(),
      history(),
      bracketMatching(),
      expressions ? [braces, expressionText(() => scope.current ?? expressions, fieldInJson)] : autocompletion(),
      closeBrackets(),
      indentOnInput(),
      highlightActiveLine(),
      keymap.of([
        ...closeBracketsKeymap,
        ...(expressions ? [] : completionKeymap),
        ...historyKeymap,
        // Ctrl+Enter runs the workflow, here as anywhere.
        ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
        indentWithTab,
      ]),
      LANGUAGES[language]?.() ?? [],
      CODE_NAMES[language] ? EditorState.languageData.of(() => [{ autocomplete: CODE_NAMES[language] }]) : [],
      EditorView.lineWrapping,
      hint ? placeholder(hint) : [],
      editorLook,
    ],
    changing,
  );
  useImperativeHandle(handle, () => handleOf(view, fieldInJson), [view]);
  return (
    <div
      ref={host}
      className={cx(
        "overflow-auto rounded-md border bg-surface focus-within:border-accent focus-within:outline-1 focus-within:outline-accent",
        invalid ? "border-bad" : "border-line-strong",
        language in CODE_NAMES ? "max-h-[60dvh] min-h-48" : "max-h-96 min-h-20",
      )}
    />
  );
}

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import { PostgreSQL, sql } from "@codemirror/lang-sql";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { useMemo } from "react";
import { editorLook } from "./editorTheme";
import { useCodeMirror } from "./useCodeMirror";
import { wrongMark } from "./wrongMark";

interface CodeEditorProps {
  label: string;
  language: string;
  value: string;
  placeholder?: string | undefined;
  /** Where it is wrong, in code points. */
  wrongAt?: number | null;
  onChange(value: string): void;
}

const LANGUAGES: Record<string, () => Extension> = {
  javascript: () => javascript(),
  json: () => json(),
  sql: () => sql({ dialect: PostgreSQL, upperCaseKeywords: true }),
};

/** An editor for code. Escape, then Tab, leaves it: Tab alone indents. */
export function CodeEditor({ label, language, value, placeholder: hint, wrongAt = null, onChange }: CodeEditorProps) {
  const wrong = useMemo(() => wrongMark(wrongAt), [wrongAt]);
  const host = useCodeMirror(
    value,
    onChange,
    () => [
      lineNumbers(),
      history(),
      bracketMatching(),
      closeBrackets(),
      indentOnInput(),
      autocompletion(),
      highlightActiveLine(),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
      LANGUAGES[language]?.() ?? [],
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": label }),
      hint ? placeholder(hint) : [],
      editorLook,
    ],
    wrong,
  );
  return (
    <div
      ref={host}
      className={`overflow-auto rounded-md border border-line-strong bg-surface focus-within:border-accent focus-within:outline-1 focus-within:outline-accent ${language === "javascript" ? "max-h-[60dvh] min-h-48" : "max-h-96 min-h-20"}`}
    />
  );
}

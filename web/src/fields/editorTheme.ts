/** Looks that all CodeMirror editors share, from the app's tokens. */

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const highlight = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.function(tags.variableName), tags.propertyName, tags.typeName], color: "var(--code-name)" },
]);

export const editorLook = [
  syntaxHighlighting(highlight),
  EditorView.theme({
    ".cm-content": { caretColor: "var(--ink)", padding: "6px 0", fontFamily: "var(--font-mono)" },
    ".cm-line": { padding: "0 10px" },
    ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.55" },
    ".cm-cursor": { borderLeftColor: "var(--ink)" },
    ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
      background: "color-mix(in oklch, var(--accent) 22%, transparent)",
    },
    ".cm-activeLine": { background: "color-mix(in oklch, var(--ink) 4%, transparent)" },
    ".cm-gutters": { background: "transparent", border: "none", color: "var(--ink-3)" },
    ".cm-activeLineGutter": { background: "transparent", color: "var(--ink)" },
    ".cm-placeholder": { color: "var(--ink-3)" },
    ".cm-matchingBracket": { background: "var(--accent-soft)", outline: "1px solid var(--accent-line)" },
    ".cm-tooltip": {
      background: "var(--surface)",
      border: "1px solid var(--line)",
      borderRadius: "8px",
      boxShadow: "0 8px 20px hsl(var(--shadow-color) / 0.15)",
      overflow: "hidden",
    },
    ".cm-tooltip-autocomplete > ul > li": { padding: "3px 8px", color: "var(--ink)" },
    ".cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--accent-soft)", color: "var(--ink)" },
    ".cm-completionDetail": { color: "var(--ink-3)", fontStyle: "normal" },
  }),
];

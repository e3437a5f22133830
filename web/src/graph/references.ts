/** Expressions refer to nodes by name: renaming a node rewrites every reference to it. */

import type { Json, WorkflowNode } from "./document";

/** `$` in JavaScript, `_` in Python. */
const CALL = /(?<![\w$.])([$_])\(\s*(["'`])((?:\\.|(?!\2).)*)\2\s*\)/g;
const INDEX = /(?<![\w$.])([$_])node\[\s*(["'`])((?:\\.|(?!\2).)*)\2\s*\]/g;

/** Keys whose whole text is code, so references in it need no `{{ }}` around them. */
const CODE_KEYS = new Set(["code"]);

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}

function quoted(name: string, quote: string): string {
  return quote + name.replace(/[\\]/g, "\\\\").replaceAll(quote, `\\${quote}`) + quote;
}

/** Returns `source` (JavaScript or Python) with references to the node `from` naming `to`. */
export function renameInCode(source: string, from: string, to: string): string {
  return source
    .replace(CALL, (whole, root: string, quote: string, name: string) =>
      unescaped(name) === from ? `${root}(${quoted(to, quote)})` : whole,
    )
    .replace(INDEX, (whole, root: string, quote: string, name: string) =>
      unescaped(name) === from ? `${root}node[${quoted(to, quote)}]` : whole,
    );
}

/** Returns `text` with references renamed inside its `{{ }}`; text outside them is left alone. */
export function renameInTemplate(text: string, from: string, to: string): string {
  return text.replace(/\{\{([\s\S]*?)\}\}/g, (_, inner: string) => `{{${renameInCode(inner, from, to)}}}`);
}

function renameInValue(value: Json, key: string, from: string, to: string): Json {
  if (typeof value === "string") {
    return CODE_KEYS.has(key) ? renameInCode(value, from, to) : renameInTemplate(value, from, to);
  }
  if (Array.isArray(value)) {
    const entries = value.map((entry) => renameInValue(entry, key, from, to));
    return entries.some((entry, index) => entry !== value[index]) ? entries : value;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([name, entry]) => [name, renameInValue(entry, name, from, to)] as const);
    const changed = entries.some(([name, entry]) => entry !== (value as Record<string, Json>)[name]);
    return changed ? Object.fromEntries(entries) : value;
  }
  return value;
}

/** Returns the node with every reference to `from` naming `to`; the same object where it has none. */
export function renameReferences(node: WorkflowNode, from: string, to: string): WorkflowNode {
  const params = renameInValue(node.params, "", from, to) as WorkflowNode["params"];
  return params === node.params ? node : { ...node, params };
}

/** Names of the nodes that `value` refers to. */
export function referredNames(value: Json): Set<string> {
  const names = new Set<string>();
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "").replaceAll('\\"', '"');
  for (const pattern of [CALL, INDEX]) {
    for (const match of text.matchAll(pattern)) names.add(unescaped(match[3] ?? ""));
  }
  return names;
}

/** Whether a value holds an expression. */
export function hasExpression(value: Json): boolean {
  return typeof value === "string" && value.includes("{{");
}

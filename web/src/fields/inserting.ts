/** Fields of the data that are put into parameters, by drag or by key. Pure, so that it can be tested. */

import type { Json } from "../graph/document";

/** The media type under which a field is dragged: what an expression says for it, without braces. */
export const FIELD_TYPE = "application/x-stepweave-field";

/** Whether a text ends within an expression: behind `{{` that nothing closes. */
export function isInside(before: string): boolean {
  const open = before.lastIndexOf("{{");
  return open >= 0 && before.indexOf("}}", open + 2) < 0;
}

/** A parameter's value with a field put at its end: what was empty becomes the expression alone. */
export function withField(value: Json, path: string): string {
  if (typeof value !== "string" || isBlank(value)) return `{{ ${path} }}`;
  return `${value}{{ ${path} }}`;
}

/** Whether a text says nothing yet: empty, or braces with nothing between them. */
export const isBlank = (text: string): boolean => /^\s*(?:\{\{\s*(?:\}\})?)?\s*$/.test(text);

/** A change of a text: what stands from `from` to `to` is replaced. */
export interface TextChange {
  from: number;
  to: number;
  insert: string;
}

/**
 * How a field gets into a text at `position`: within braces alone, else with them; instead of empty braces. Where it
 * would break something that is written within braces, it goes behind them.
 */
export function fieldAt(text: string, position: number, path: string): TextChange {
  const expression = `{{ ${path} }}`;
  if (isBlank(text)) return { from: 0, to: text.length, insert: expression };
  const at = outOfBrace(text, position);
  if (!isInside(text.slice(0, at))) return { from: at, to: at, insert: expression };
  const open = text.lastIndexOf("{{", at - 1);
  const close = text.indexOf("}}", at);
  if (close >= 0 && text.slice(open + 2, close).trim() === "") {
    return { from: open, to: close + 2, insert: expression };
  }
  if (/[\w$.)\]'"`]/.test(text.charAt(at - 1)) || /[\w$([]/.test(text.charAt(at))) {
    const behind = close >= 0 ? close + 2 : text.length;
    return { from: behind, to: behind, insert: expression };
  }
  return { from: at, to: at, insert: path };
}

/** How a field gets into JSON: where a value stands it is a string of its own, so that the text stays JSON. */
export function fieldInJson(text: string, position: number, path: string): TextChange {
  const change = fieldAt(text, position, path);
  if (change.from === 0 && change.to === text.length) return change;
  if (isInString(text.slice(0, change.from))) return { ...change, insert: JSON.stringify(change.insert).slice(1, -1) };
  return change.insert === path ? change : { ...change, insert: JSON.stringify(change.insert) };
}

/** What a field that takes a path, not an expression, gets: the path within an item. */
export function itemPath(path: string): string {
  const within =
    /^(?:\$json|\$\(.*?\)\.(?:item|first\(\)|last\(\))\.json|\$node\[.*?\]\.json)(?:\.|(?=\[)|$)(.*)$/.exec(path);
  return within?.[1] || path;
}

/** Between two braces that belong together no place is meant: the one outside of them is. */
function outOfBrace(text: string, position: number): number {
  const around = text.slice(Math.max(0, position - 1), position + 1);
  if (around === "{{") return position - 1;
  return around === "}}" ? position + 1 : position;
}

/** Whether a text that begins as JSON ends within a string. */
function isInString(before: string): boolean {
  return before.replace(/"(?:\\.|[^"\\])*"/gs, "").includes('"');
}

/** Fields of the data that are put into parameters, by drag or by key. Pure, so that it can be tested. */

import type { Json } from "../graph/document";

/** The media type under which a field is dragged: what an expression says for it, without braces. */
export const FIELD_TYPE = "application/x-stepweave-field";
/** The DOM event by which an expression editor is asked to put a field where its cursor is. */
export const INSERT_EVENT = "stepweave:insert";

/** A parameter's value with a field put at its end: what was empty becomes the expression alone. */
export function withField(value: Json, path: string): string {
  const expression = `{{ ${path} }}`;
  if (typeof value !== "string" || value.trim() === "" || /^\{\{\s*\}\}$/.test(value.trim())) return expression;
  return `${value}${expression}`;
}

/** What to write at `position` of an expression's text: within braces the field alone. */
export function fieldAt(text: string, position: number, path: string): string {
  const before = text.slice(0, position);
  const isInside = before.lastIndexOf("{{") > before.lastIndexOf("}}");
  return isInside ? path : `{{ ${path} }}`;
}

/** Values that may be fixed or an expression, and the text they are written as. Pure. */

import type { FieldKind } from "../graph/catalogue";
import type { Json } from "../graph/document";
import { hasExpression } from "../graph/references";

/** A value as the text of its field. */
export function textOf(value: Json): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** The value that a text stands for in a field of a kind: `5` is a number again, once nothing else is written there. */
export function valueFrom(text: string, kind: FieldKind): Json {
  if (text.trim() === "") return undefined;
  if (kind === "number" && NUMBER.test(text)) return Number(text);
  if (kind === "boolean" && /^\s*(?:true|false)\s*$/.test(text)) return text.trim() === "true";
  return text;
}

/** Whether a value can only be shown as text: an expression, or what the field's own control has no place for. */
export const needsText = (value: Json, kind: FieldKind): boolean =>
  hasExpression(value) || (typeof value === "string" && value !== "" && (kind === "number" || kind === "boolean"));

/** What an expression begins with that takes the place of a fixed value. */
export function asExpression(value: Json): string {
  if (hasExpression(value)) return value as string;
  if (value === undefined || value === null || value === "") return "{{  }}";
  return `{{ ${JSON.stringify(value)} }}`;
}

/** What remains of a text without its expressions. */
export const withoutExpressions = (text: string): string => text.replace(/\{\{[\s\S]*?(?:\}\}|$)/g, "");

/** A JSON field's value and its text. */

import type { Json } from "../graph/document";

/** The text a value is edited as. A string is text that is no JSON yet, or one expression. */
export function jsonText(value: Json): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** The value that a text stands for: its JSON, else the text itself; undefined where it is empty. */
export function jsonValue(text: string): Json {
  if (text.trim() === "") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    // A string in quotes stays as typed: without them it could not be told from text that is no JSON.
    return typeof value === "string" ? text : value;
  } catch {
    return text;
  }
}

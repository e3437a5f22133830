/** Items as people write them: a JSON object or a list of them. */

import type { Item } from "../graph/document";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads items from text; null items where the text is empty. */
export function parseItems(text: string): { items: Item[] | null; error: string | null } {
  if (text.trim() === "") return { items: null, error: null };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { items: null, error: error instanceof Error ? error.message : String(error) };
  }
  const list = Array.isArray(value) ? value : [value];
  const wrong = list.findIndex((entry) => !isObject(entry));
  if (wrong >= 0) return { items: null, error: `#${wrong + 1}: ${JSON.stringify(list[wrong])}` };
  return { items: list.map((json: Record<string, unknown>) => ({ json })), error: null };
}

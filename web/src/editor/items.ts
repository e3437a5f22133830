/** Items as people write them: a JSON object or a list of them. */

import { type Item, SCHEMA_VERSION } from "../graph/document";
import { isObject, parsed } from "../graph/reading";
import { strings } from "../strings";

/** Reads items from text; null items where the text is empty. */
export function parseItems(text: string): { items: Item[] | null; error: string | null } {
  if (text.trim() === "") return { items: null, error: null };
  const read = parsed(text);
  if ("flaw" in read) return { items: null, error: strings.safety.flaw(read.flaw, SCHEMA_VERSION) };
  const { value } = read;
  const list = Array.isArray(value) ? value : [value];
  const wrong = list.findIndex((entry) => !isObject(entry));
  if (wrong >= 0) return { items: null, error: strings.safety.notItem(wrong + 1, JSON.stringify(list[wrong])) };
  return { items: list.filter(isObject).map((json) => ({ json })), error: null };
}

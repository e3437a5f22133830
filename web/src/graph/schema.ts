/** What fields items have, and how an expression names them. Pure. */

import type { Json } from "./document";

export type FieldType = "text" | "number" | "boolean" | "null" | "object" | "list";

export interface SchemaField {
  /** The last step of the path: a name, or the place in a list. */
  key: string | number;
  path: (string | number)[];
  type: FieldType;
  /** A value that some item has here. */
  sample: Json;
  children: SchemaField[];
}

const DEEPEST = 6;
const MOST_CHILDREN = 200;
/** Items that are looked at: all that a page shows. */
const MOST_ITEMS = 50;

export function typeOf(value: Json): FieldType {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "list";
  if (typeof value === "object") return "object";
  if (typeof value === "number") return "number";
  return typeof value === "boolean" ? "boolean" : "text";
}

/** The fields of items, in order of appearance. A field that is null in one item has the type of another. */
export function schemaOf(items: readonly Record<string, Json>[]): SchemaField[] {
  return fieldsOf(items.slice(0, MOST_ITEMS), [], 0);
}

function fieldsOf(values: readonly Json[], path: (string | number)[], depth: number): SchemaField[] {
  if (depth >= DEEPEST) return [];
  const found = new Map<string | number, Json[]>();
  for (const value of values) {
    if (Array.isArray(value)) {
      // The elements of a list look alike: the first stands for all of them.
      if (value.length > 0) collect(found, 0, value[0]);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, entry] of Object.entries(value)) collect(found, key, entry);
    }
  }
  return [...found].slice(0, MOST_CHILDREN).map(([key, entries]) => {
    const sample = entries.find((entry) => entry !== null && entry !== undefined) ?? null;
    const here = [...path, key];
    return { key, path: here, type: typeOf(sample), sample, children: fieldsOf(entries, here, depth + 1) };
  });
}

function collect(found: Map<string | number, Json[]>, key: string | number, value: Json): void {
  const list = found.get(key);
  if (list) list.push(value);
  else found.set(key, [value]);
}

/** What an expression says for a field: `$json.customer["first name"]`. */
export function expressionPath(root: string, path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return /^[A-Za-z_$][\w$]*$/.test(step) ? `${text}.${step}` : `${text}[${JSON.stringify(step)}]`;
  }, root);
}

/** The root that the items of another node have in expressions. */
export function nodeRoot(name: string): string {
  return `$('${name.replace(/[\\']/g, "\\$&")}').item.json`;
}

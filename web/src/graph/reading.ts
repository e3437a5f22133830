/** Documents from outside (files, the clipboard, answers, this browser's storage): what is wrong with one, and where. */

import { SCHEMA_VERSION } from "./document";
import { jsonEndsAt } from "./jsonPlace";

/** As much as the API stores of a workflow, in bytes. */
export const MOST_DOCUMENT_BYTES = 2 * 1024 ** 2;

/** What a value of a document must be. */
export type Must = "id" | "unique" | "name" | "text" | "whole" | "place" | "object" | "list";

export type Flaw =
  | { code: "notJson"; line: number; column: number }
  | { code: "notWorkflow" }
  | { code: "newer"; found: number }
  | { code: "large"; bytes: number }
  /** In the entry of `list` at `index` (none: the document itself), which is called `name` there, `field` is wrong. */
  | { code: "field"; list?: "nodes" | "edges" | "notes"; index?: number; name?: string; field: string; must: Must };

type Loose = Record<string, unknown>;
type Check = [field: string, must: Must, optional?: boolean];

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const NODE: Check[] = [
  ["id", "id"],
  ["type", "text"],
  ["name", "name"],
  ["version", "whole", true],
  ["params", "object", true],
  ["position", "place", true],
  ["settings", "object", true],
  ["pinned", "object", true],
];
const EDGE: Check[] = [
  ["id", "id", true],
  ["source", "id"],
  ["target", "id"],
  ["sourcePort", "text", true],
  ["targetPort", "text", true],
];
const NOTE: Check[] = [
  ["id", "id"],
  ["text", "text", true],
  ["position", "place"],
];

export function isObject(value: unknown): value is Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const finite = (value: unknown) => typeof value === "number" && Number.isFinite(value);

function fits(value: unknown, must: Must): boolean {
  switch (must) {
    case "id":
      return typeof value === "string" && ID.test(value);
    case "name":
      return typeof value === "string" && value !== "";
    case "text":
      return typeof value === "string";
    case "whole":
      return Number.isInteger(value) && (value as number) >= 1;
    case "place":
      return isObject(value) && finite(value.x) && finite(value.y);
    case "object":
      return isObject(value);
    case "list":
      return Array.isArray(value);
    case "unique":
      return true;
  }
}

/** What is wrong with the nodes, edges and notes that `parts` has; null where they can be drawn. */
export function flawOfParts(parts: Loose): Flaw | null {
  for (const [list, checks] of [["nodes", NODE] as const, ["edges", EDGE] as const, ["notes", NOTE] as const]) {
    const entries = parts[list] ?? [];
    if (!Array.isArray(entries)) return { code: "field", field: list, must: "list" };
    for (const [index, entry] of entries.entries()) {
      const wrong = flawOfEntry(entry, checks);
      if (wrong) return { code: "field", list, index, ...nameOf(entry), field: wrong[0], must: wrong[1] };
    }
  }
  return null;
}

/** The first node or note whose id another has already: such a document could be drawn, but not copied. */
export function twinIn(parts: Loose): Flaw | null {
  const seen = new Set<unknown>();
  for (const list of ["nodes", "notes"] as const) {
    for (const [index, entry] of ((parts[list] ?? []) as Loose[]).entries()) {
      if (seen.has(entry.id)) return { code: "field", list, index, ...nameOf(entry), field: "id", must: "unique" };
      seen.add(entry.id);
    }
  }
  return null;
}

function nameOf(entry: unknown): { name?: string } {
  return isObject(entry) && typeof entry.name === "string" ? { name: entry.name } : {};
}

function flawOfEntry(entry: unknown, checks: readonly Check[]): readonly [field: string, must: Must] | null {
  if (!isObject(entry)) return ["", "object"];
  for (const [field, must, optional] of checks) {
    const value = entry[field];
    if (optional && (value === undefined || value === null)) continue;
    if (!fits(value, must)) return [field, must];
  }
  return null;
}

/** What is wrong with a whole document; null where it is a workflow that this app knows how to draw. */
export function flawOf(value: unknown): Flaw | null {
  if (!isObject(value) || typeof value.name !== "string") return { code: "notWorkflow" };
  const newer = newerThanThis(value);
  if (newer) return newer;
  if (value.settings !== undefined && !isObject(value.settings)) {
    return { code: "field", field: "settings", must: "object" };
  }
  return flawOfParts(value);
}

/** Whether a document says that it is of a schema this app does not know yet. */
export function newerThanThis({ schema }: Loose): Flaw | null {
  return typeof schema === "number" && schema > SCHEMA_VERSION ? { code: "newer", found: schema } : null;
}

/** Parses JSON from people: the value, or where it stops being JSON. */
export function parsed(text: string): { value: unknown } | { flaw: Flaw } {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { flaw: { code: "notJson", ...jsonEndsAt(text) } };
  }
}

/** Whether two JSON values say the same, in whatever order their keys come. */
export function sameJson(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((entry, index) => sameJson(entry, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const has = (object: Loose) => Object.keys(object).filter((key) => object[key] !== undefined);
  const keys = has(one);
  return keys.length === has(other).length && keys.every((key) => sameJson(one[key], other[key]));
}

/** Whether an answer has the shape that docs/reference/openapi.json gives it, so that no page meets something else. */

import { ApiError } from "./problem";
import { routes, types } from "./shapes.json";

type Types = Record<string, Record<string, string>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Returns where `value` is not what `kind` says, as a path ("items.0.name"), or null where it fits. Kinds are those of
 * shapes.json: `s`, `n`, `b`, `{}` and `*` (anything), `[]` before the kind of a list's entries, `?` before what may be
 * null, or the name of a type. Only what a type requires is looked at.
 */
export function misfit(value: unknown, kind: string, known: Types = types, path = ""): string | null {
  if (kind === "*") return null;
  if (kind.startsWith("?")) return value === null ? null : misfit(value, kind.slice(1), known, path);
  if (kind.startsWith("[]")) {
    if (!Array.isArray(value)) return path;
    const entries = kind.slice(2);
    if (entries === "*") return null;
    for (const [index, entry] of value.entries()) {
      const found = misfit(entry, entries, known, join(path, String(index)));
      if (found !== null) return found;
    }
    return null;
  }
  if (kind === "s") return typeof value === "string" ? null : path;
  if (kind === "n") return typeof value === "number" ? null : path;
  if (kind === "b") return typeof value === "boolean" ? null : path;
  if (!isObject(value)) return path;
  for (const [key, inner] of Object.entries(known[kind] ?? {})) {
    const found = misfit(value[key], inner, known, join(path, key));
    if (found !== null) return found;
  }
  return null;
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

/** Returns the parsed answer to a request like "GET /api/workflows". Throws an `ApiError` where it makes no sense. */
export function sensible(route: string, status: number, text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw ApiError.garbled(status, route);
  }
  const kind = (routes as Record<string, string>)[route];
  const wrong = kind === undefined ? null : misfit(value, kind);
  if (wrong !== null) throw ApiError.garbled(status, route, wrong);
  return value;
}

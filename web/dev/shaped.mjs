// Answers of the fake API, filled up to what the API promises (src/api/shapes.json): routes that it does not play answer
// with empty lists and the like, and what came to the API later than to the fake is there too.
import { readFileSync } from "node:fs";

const { routes, types } = JSON.parse(readFileSync(new URL("../src/api/shapes.json", import.meta.url), "utf8"));
const patterns = Object.entries(routes).map(([route, kind]) => {
  const [method, path] = route.split(" ");
  return { method, kind, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`) };
});

/** The kind of a route's answer; undefined where the API has no such route. */
export function kindOf(method, path) {
  return patterns.find((entry) => entry.method === method && entry.pattern.test(path))?.kind;
}

/** `value` with what its kind requires and it does not have. */
export function filled(value, kind) {
  if (kind.startsWith("?")) return value == null ? null : filled(value, kind.slice(1));
  if (kind.startsWith("[]")) return (value ?? []).map((entry) => filled(entry, kind.slice(2)));
  const plain = { s: "", n: 0, b: false, "{}": {}, "*": null };
  if (kind in plain) return value ?? plain[kind];
  const object = { ...value };
  for (const [key, inner] of Object.entries(types[kind] ?? {})) object[key] = filled(object[key], inner);
  return object;
}

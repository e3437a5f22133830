/** Values of variables as people write and read them. Pure. */

import { strings } from "../../strings";

const t = strings.variables;
const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A value as one line. */
export function shown(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A value as its field has it. */
export function written(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value, null, 2) : String(value);
}

/** What somebody wrote as a value; or what is wrong with it. */
export function read(kind: string, text: string): { value: unknown } | { wrong: string } {
  if (kind === "text") return { value: text };
  const bare = text.trim();
  if (bare === "") return { wrong: t.needed };
  if (kind === "boolean") return { value: bare === "true" };
  if (kind === "number")
    return NUMBER.test(bare) && Number.isFinite(Number(bare)) ? { value: Number(bare) } : { wrong: t.wrongNumber };
  try {
    const value: unknown = JSON.parse(bare);
    return typeof value === "object" && value !== null ? { value } : { wrong: t.wrongJson };
  } catch {
    return { wrong: t.wrongJson };
  }
}

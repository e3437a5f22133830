import { ApiError } from "../api/problem";
import { strings } from "../strings";

/** What was said as whole sentences: a server's own words often end without a full stop. */
export function sentences(...parts: readonly (string | undefined)[]): string {
  const said = parts.map((part) => part?.trim() ?? "").filter(Boolean);
  return said.map((part) => (/[.!?…]$/.test(part) ? part : `${part}.`)).join(" ");
}

/** An error in words for people: what happened, and what to do. */
export function messageOf(error: unknown): { title: string; detail: string } {
  if (error instanceof ApiError) {
    const fields = error.fields.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join(" ");
    return { title: error.title, detail: [error.detail, fields].filter(Boolean).join(" ") };
  }
  return { title: strings.errors.unexpected, detail: error instanceof Error ? error.message : String(error) };
}

/** The same in one text. */
export function inWords(error: unknown): string {
  const { title, detail } = messageOf(error);
  return sentences(title, detail);
}

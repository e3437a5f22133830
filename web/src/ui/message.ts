import { ApiError } from "../api/problem";
import { strings } from "../strings";

/** An error in words for people: what happened, and what to do. */
export function messageOf(error: unknown): { title: string; detail: string } {
  if (error instanceof ApiError) {
    const fields = error.fields.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join(" ");
    return { title: error.title, detail: [error.detail, fields].filter(Boolean).join(" ") };
  }
  return { title: strings.errors.unexpected, detail: error instanceof Error ? error.message : String(error) };
}

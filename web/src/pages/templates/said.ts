/** What somebody fills in of a template, and what of it is sent. Pure. */

import type { Template, TemplateParameter, UseTemplate } from "../../api/templates";
import type { Json } from "../../graph/document";

export interface Said {
  name: string;
  projectId: string;
  credentials: Readonly<Record<string, string>>;
  parameters: Readonly<Record<string, Json>>;
}

/** What stands in a question's field: what was said, else what the template has, unless that is an example only. */
export function answerOf(question: TemplateParameter, said: Said): Json | undefined {
  const value = said.parameters[question.id];
  if (value !== undefined) return value;
  return question.example ? undefined : ((question.value ?? undefined) as Json | undefined);
}

/** The questions that must be answered and are not. */
export function missing(template: Template, said: Said): string[] {
  return template.parameters.filter((one) => one.example && isNothing(answerOf(one, said))).map(({ id }) => id);
}

/** The request. Credentials that are not chosen are chosen later; parameters that were not touched stay as they are. */
export function answered(template: Template, said: Said): UseTemplate {
  return {
    name: said.name.trim(),
    projectId: said.projectId || null,
    credentials: Object.fromEntries(template.credentials.map(({ id }) => [id, said.credentials[id] || null])),
    parameters: { ...said.parameters },
  };
}

const isNothing = (value: Json | undefined) =>
  value === undefined || value === null || (typeof value === "string" && value.trim() === "");

/** A key for a request (`Idempotency-Key`). By chance; `crypto.randomUUID` is there on pages with https only. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16)).join("-");
}

/** Answers to an approval's form, from what is typed to what is sent. Pure. */

import type { ApprovalField } from "../api/types";
import { strings } from "../strings";

/** What the form's controls hold: text, and true or false. */
export type Answers = Record<string, string | boolean>;

/** What the form begins with. */
export function emptyAnswers(fields: readonly ApprovalField[]): Answers {
  return Object.fromEntries(fields.map((field) => [field.name, field.type === "boolean" ? false : ""]));
}

/** What is wrong, by field. Only who approves must give the required answers. */
export function problems(
  fields: readonly ApprovalField[],
  answers: Answers,
  approving: boolean,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const field of fields) {
    const answer = answers[field.name];
    const text = typeof answer === "string" ? answer.trim() : "";
    if (field.type === "boolean") continue;
    if (!text && field.required && approving) found[field.name] = strings.approvals.required;
    else if (text && field.type === "number" && !Number.isFinite(Number(text)))
      found[field.name] = strings.approvals.notNumber;
  }
  return found;
}

/** What is sent: numbers as numbers, and nothing for what was left empty. */
export function toSend(fields: readonly ApprovalField[], answers: Answers): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((field): [string, unknown][] => {
      const answer = answers[field.name];
      if (typeof answer === "boolean") return [[field.name, answer]];
      if (!answer?.trim()) return [];
      return [[field.name, field.type === "number" ? Number(answer) : answer]];
    }),
  );
}

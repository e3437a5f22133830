/** Workflows as files: what is written on export, what is read on import and why not. Pure but for `download`. */

import { SCHEMA_VERSION, type WorkflowDocument } from "../../graph/document";
import { strings } from "../../strings";

const t = strings.organising;
export const MOST_FILE_BYTES = 20 * 1024 ** 2;

export class FileProblem extends Error {}

/** The documents in a file's text: one workflow, or an export of many. Throws a `FileProblem` that says what to do. */
export function documentsIn(text: string): Record<string, unknown>[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new FileProblem(t.notJson);
  }
  const many = isObject(parsed) && Array.isArray(parsed.workflows) ? parsed.workflows : [parsed];
  if (many.length === 0) throw new FileProblem(t.notWorkflow);
  return many.map((document) => {
    if (!isObject(document) || typeof document.name !== "string") throw new FileProblem(t.notWorkflow);
    const { schema } = document;
    if (typeof schema === "number" && schema > SCHEMA_VERSION) {
      throw new FileProblem(t.tooNew(schema, SCHEMA_VERSION));
    }
    if (!Array.isArray(document.nodes)) throw new FileProblem(t.notWorkflow);
    return document;
  });
}

/** The name and the text of the file that documents are exported to. */
export function exported(documents: readonly WorkflowDocument[]): { name: string; text: string } {
  const [first] = documents;
  const one = documents.length === 1 && first;
  const stem = one ? fileStem(first.name) : "workflows";
  return { name: `${stem}.json`, text: `${JSON.stringify(one ? first : { workflows: documents }, null, 2)}\n` };
}

/** A name as a file's: letters, digits and dashes. */
function fileStem(name: string): string {
  const stem = name
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  return stem.slice(0, 80) || "workflow";
}

export function download({ name, text }: { name: string; text: string }): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

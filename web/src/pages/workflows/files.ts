/** Workflows as files: what is written on export, what is read on import and why not. Pure but for `download`. */

import { SCHEMA_VERSION, type WorkflowDocument } from "../../graph/document";
import { type Flaw, flawOf, isObject, parsed, twinIn } from "../../graph/reading";
import { strings } from "../../strings";

export const MOST_FILE_BYTES = 20 * 1024 ** 2;

export class FileProblem extends Error {}

/** The documents in a file's text: one workflow, or an export of many. Throws a `FileProblem` that says what to do. */
export function documentsIn(text: string): Record<string, unknown>[] {
  const read = parsed(text);
  if ("flaw" in read) throw new FileProblem(told(read.flaw));
  const { value } = read;
  const several = isObject(value) && Array.isArray(value.workflows) ? value.workflows : null;
  if (several?.length === 0) throw new FileProblem(told({ code: "notWorkflow" }));
  return (several ?? [value]).map((document: unknown, index) => {
    const whole = isObject(document) && "nodes" in document;
    const flaw = flawOf(document) ?? (whole ? twinIn(document) : { code: "notWorkflow" as const });
    if (whole && !flaw) return document;
    const name = isObject(document) && typeof document.name === "string" ? document.name : "";
    const which = several ? strings.safety.inWorkflow(index + 1, name) : "";
    throw new FileProblem(which + told(flaw ?? { code: "notWorkflow" }));
  });
}

const told = (flaw: Flaw) => strings.safety.flaw(flaw, SCHEMA_VERSION);

/** The name and the text of the file that documents are exported to. */
export function exported(documents: readonly WorkflowDocument[]): { name: string; text: string } {
  const [first] = documents;
  const one = documents.length === 1 && first;
  const stem = one ? fileStem(first.name) : "workflows";
  return { name: `${stem}.json`, text: `${JSON.stringify(one ? first : { workflows: documents }, null, 2)}\n` };
}

/** A name as a file's: letters, digits and dashes. */
export function fileStem(name: string, otherwise = "workflow"): string {
  const stem = name
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  return stem.slice(0, 80) || otherwise;
}

export function download({
  name,
  text,
  type = "application/json",
}: {
  name: string;
  text: string;
  type?: string;
}): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

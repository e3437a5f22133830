import type { Diagnostic } from "../graph/document";
import { strings } from "../strings";
import { sentences } from "../ui/message";

/** What is said at a field of what was found there: whole sentences, each once, without the names of the node and the field it is in. */
export function said(findings: readonly Diagnostic[]): string {
  const all = findings.flatMap(({ code, message, remedy }) =>
    code === "missing_parameter" ? [strings.editor.inputWrong.missing] : [capital(unnamed(message)), remedy],
  );
  return sentences(...new Set(all));
}

/** `'Fetch': no URL` is told of the node Fetch. */
const unnamed = (message: string) => message.replace(/^(['"])(?:\\.|(?!\1).)*\1: /, "");

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

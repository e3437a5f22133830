import type { Diagnostic } from "../graph/document";
import { strings } from "../strings";

/** What is said at a field of what was found there: whole sentences, each once, without the names of the node and the field it is in. */
export function said(findings: readonly Diagnostic[]): string {
  const sentences = findings.flatMap(({ code, message, remedy }) =>
    code === "missing_parameter" ? [strings.editor.inputWrong.missing] : [sentence(unnamed(message)), remedy],
  );
  return [...new Set(sentences)].filter(Boolean).join(" ");
}

/** `'Fetch': no URL` is told of the node Fetch. */
const unnamed = (message: string) => message.replace(/^(['"])(?:\\.|(?!\1).)*\1: /, "");

function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return whole === "" || /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}

import type { ClipboardEvent } from "react";
import type { Params, WorkflowNode } from "../../graph/document";
import { setParam } from "../../graph/reducers";
import { strings } from "../../strings";
import { toast } from "../../ui/toasts";
import { edit } from "../store";
import { importedCurl } from "./curl";

/** What a command replaces, whether it says something of it or not. */
const REPLACED = ["jsonBody", "formBody", "formFiles", "fileBody", "textBody", "contentType"];

/** Fills a node in from a curl command, as one change. Returns whether it is one. */
export function takeCurl(node: WorkflowNode, command: string): boolean {
  const made = importedCurl(command);
  if (!made) return false;
  const params: Params = { ...Object.fromEntries(REPLACED.map((name) => [name, undefined])), ...made.params };
  edit((current) =>
    Object.entries(params).reduce((document, [name, value]) => setParam(document, node.id, name, value), current),
  );
  toast({ tone: "ok", title: strings.curl.done, ...(made.notes.length ? { detail: made.notes.join(" ") } : {}) });
  return true;
}

/** Takes a curl command that is pasted into the URL of an HTTP request. */
export function useCurlPaste(node: WorkflowNode) {
  return (event: ClipboardEvent<HTMLElement>) => {
    if (node.type !== "http_request" || !(event.target as Element).closest?.('[data-field="params.url"]')) return;
    if (!takeCurl(node, event.clipboardData.getData("text/plain"))) return;
    event.preventDefault();
    event.stopPropagation();
  };
}

/** Whose output a chat's answer is, and which text of it, as published chats have it (`functions.system.chat.progress`). */

import { type Catalogue, findType } from "../../graph/catalogue";
import type { WorkflowDocument, WorkflowEdge, WorkflowNode } from "../../graph/document";

/** The fields an answer lies in when nobody says, the first that is there. */
const FIELDS = ["answer", "output", "text", "message"];

const text = (value: unknown) => (typeof value === "string" ? value.trim() : "");

/** The nodes that answer: the one that is named, else those behind which there is none. */
export function answering(document: WorkflowDocument, catalogue: Catalogue, chat: WorkflowNode): WorkflowNode[] {
  const steps = document.nodes.filter(
    (node) => !node.settings.disabled && !findType(catalogue, node.type, node.version)?.trigger,
  );
  const name = text(chat.params.answerNode);
  if (name) return steps.filter((node) => node.name === name);
  const ids = new Set(steps.map(({ id }) => id));
  /** The port that leads from an agent to its tools, and no other node has. */
  const isTool = (edge: WorkflowEdge) => edge.sourcePort === "tools";
  const inner = reached(
    document,
    document.edges.filter(isTool).map(({ target }) => target),
  );
  const ends = new Set(
    document.edges.filter((edge) => ids.has(edge.target) && !isTool(edge)).map(({ source }) => source),
  );
  return steps.filter(({ id }) => !ends.has(id) && !inner.has(id));
}

/** The nodes that can be reached from some, those among them: the tools of agents. */
function reached(document: WorkflowDocument, begins: string[]): Set<string> {
  const found = new Set<string>();
  const waiting = [...begins];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    for (const edge of document.edges) if (edge.source === id) waiting.push(edge.target);
  }
  return found;
}

/** The answer in what the nodes that answer gave, the latest first; "" for none. */
export function answerOf(outputs: readonly Record<string, unknown>[][], field: unknown): string {
  const names = text(field) ? [text(field)] : FIELDS;
  for (const name of names) {
    for (const items of outputs) {
      const texts = items
        .map((item) => item[name])
        .filter((value) => value !== undefined && value !== null && value !== "");
      if (texts.length > 0) return texts.map(shown).join("\n\n");
    }
  }
  return "";
}

const shown = (value: unknown) => (typeof value === "string" ? value : `\`\`\`json\n${JSON.stringify(value)}\n\`\`\``);

/** What a run by hand starts from. */

import { type Catalogue, findType, type NodeType } from "../graph/catalogue";
import type { Item, WorkflowDocument, WorkflowNode } from "../graph/document";

export interface Start {
  node: WorkflowNode;
  entry: NodeType;
}

/** The enabled triggers of a workflow, those for people first. */
export function startsOf(document: WorkflowDocument, catalogue: Catalogue): Start[] {
  const starts = document.nodes.flatMap((node) => {
    const entry = findType(catalogue, node.type, node.version);
    return entry?.trigger && !node.settings.disabled ? [{ node, entry }] : [];
  });
  return starts.sort((a, b) => Number(b.entry.trigger === "manual") - Number(a.entry.trigger === "manual"));
}

/** The items a run at this trigger begins with when nobody says otherwise: its own, else the catalogue's example. */
export function defaultItems({ node, entry }: Start): Record<string, unknown>[] {
  const own = node.params.items;
  if (Array.isArray(own) && own.length > 0) return own as Record<string, unknown>[];
  return entry.trigger === "manual" || entry.outputExample.length === 0 ? [{}] : entry.outputExample;
}

export type InputType = "text" | "number" | "boolean" | "date" | "choice" | "json";

/** A field that a manual trigger asks for before a run. */
export interface InputField {
  name: string;
  label: string;
  type: InputType;
  required: boolean;
  options: string[];
  initial: string;
}

/** What a trigger asks for before it starts; none for those that ask nothing. */
export function inputsOf({ node, entry }: Start): InputField[] {
  if (entry.trigger !== "manual" || !Array.isArray(node.params.fields)) return [];
  return (node.params.fields as Record<string, unknown>[]).flatMap((row) => {
    if (typeof row?.name !== "string" || row.name === "") return [];
    const type = (row.type ?? "text") as InputType;
    const options = String(row.options ?? "").split("\n");
    return [
      {
        name: row.name,
        label: String(row.label || row.name),
        type,
        required: row.required === true,
        options: options.map((one) => one.trim()).filter(Boolean),
        initial: String(row.default ?? "") || (type === "boolean" ? "false" : ""),
      },
    ];
  });
}

/** The question before a run; "" for none. */
export const questionOf = ({ node, entry }: Start): string =>
  entry.trigger === "manual" && typeof node.params.confirm === "string" ? node.params.confirm.trim() : "";

/**
 * What a person says before a run from this trigger: `form`, its own fields or question, each time; `items`, the request or
 * event that it stands for, the first time.
 */
export function asksOf(start: Start): "form" | "items" | "nothing" {
  if (inputsOf(start).length > 0 || questionOf(start) !== "") return "form";
  const { trigger } = start.entry;
  return trigger === "webhook" || trigger === "app" || trigger === "form" ? "items" : "nothing";
}

/** The value of a field as it was typed; null for one left empty, `wrong` for what is none of its type. */
export function inputValue(field: InputField, text: string): { value: unknown } | { wrong: InputType | "missing" } {
  if (text.trim() === "") return field.required ? { wrong: "missing" } : { value: null };
  switch (field.type) {
    case "number": {
      const value = Number(text);
      return Number.isFinite(value) ? { value } : { wrong: "number" };
    }
    case "boolean":
      return { value: text === "true" };
    case "json":
      try {
        return { value: JSON.parse(text) as unknown };
      } catch {
        return { wrong: "json" };
      }
    default:
      return { value: text };
  }
}

const PREFIX = "stepweave.items.";
const key = (workflowId: string, nodeId: string) => `${PREFIX}${workflowId}.${nodeId}`;

/** The items somebody ran this trigger with last in this browser, as text. */
export function rememberedItems(workflowId: string, nodeId: string): string | null {
  try {
    return localStorage.getItem(key(workflowId, nodeId));
  } catch {
    return null;
  }
}

export function rememberItems(workflowId: string, nodeId: string, text: string): void {
  try {
    localStorage.setItem(key(workflowId, nodeId), text);
  } catch {
    // Storage is full or off limits: the next run starts from the example again.
  }
}

/** Makes room in this browser's storage: what runs began with is of less worth than a draft. True where some was made. */
export function forgetAllItems(): boolean {
  try {
    const keys = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
    for (const name of keys) localStorage.removeItem(name);
    return keys.length > 0;
  } catch {
    return false;
  }
}

export const asItems = (list: readonly Record<string, unknown>[]): Item[] => list.map((json) => ({ json }));

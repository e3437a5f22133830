/** The subtitle of a node on the canvas: `{method} {url}` over its parameters. */

import type { NodeType } from "./catalogue";
import type { WorkflowNode } from "./document";

/** Returns the subtitle of `node`, or the name of its type where the template gives nothing. */
export function subtitle(node: WorkflowNode, entry: NodeType | undefined): string {
  if (!entry) return `${node.type} v${node.version}`;
  const text = entry.subtitle
    .replace(/\{(\w+)\}/g, (_, key: string) => shown(node.params[key], entry, key))
    .replace(/\s+/g, " ")
    .trim();
  return text && text !== "/" ? text : entry.name;
}

function shown(value: unknown, entry: NodeType, key: string): string {
  const schema = entry.paramsSchema.properties?.[key];
  const actual = value ?? schema?.default;
  const option = schema?.["x-ui"]?.options?.find((candidate) => candidate.value === actual);
  if (option) return option.label;
  return typeof actual === "string" || typeof actual === "number" ? String(actual) : "";
}

/**
 * The subtitle of a node on the canvas: `{method} {url}` over its parameters, `{amount:unit}` for a number with its
 * unit. What its form hides is left out.
 */

import type { NodeType } from "./catalogue";
import type { WorkflowNode } from "./document";
import { currentValue, fieldsOf, isShown } from "./visible";

/** Returns the subtitle of `node`, or the name of its type where the template gives nothing. */
export function subtitle(node: WorkflowNode, entry: NodeType | undefined): string {
  if (!entry) return `${node.type} v${node.version}`;
  const text = entry.subtitle
    .replace(/\{(\w+):(\w+)\}/g, (_, number: string, unit: string) =>
      measured(shown(node, entry, number), shown(node, entry, unit)),
    )
    .replace(/\{(\w+)\}/g, (_, key: string) => shown(node, entry, key))
    .replace(/\s+/g, " ")
    .trim();
  return text && text !== "/" ? text : entry.name;
}

/** `1 day`, `2 days`, `{{ $json.n }} days`; the choice of a unit is called *Days*. */
function measured(number: string, unit: string): string {
  const many = unit.toLowerCase();
  return `${number} ${Number(number) === 1 ? many.replace(/s$/, "") : many}`;
}

function shown(node: WorkflowNode, entry: NodeType, key: string): string {
  const fields = fieldsOf(entry.paramsSchema);
  const field = fields.find((candidate) => candidate.name === key);
  if (!field || !isShown(field, fields, node.params)) return "";
  const actual = currentValue(field, node.params);
  const option = field.ui.options?.find((candidate) => candidate.value === actual);
  if (option) return option.label;
  return typeof actual === "string" || typeof actual === "number" ? String(actual) : "";
}

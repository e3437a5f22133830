/**
 * Checks that need no server: what the catalogue's schemas say about a node's parameters. They answer while one types;
 * the server's diagnostics, which know more, replace them when they arrive.
 */

import type { Catalogue, ParamSchema } from "./catalogue";
import { findType } from "./catalogue";
import type { Diagnostic, Json, WorkflowDocument, WorkflowNode } from "./document";
import { hasExpression } from "./references";
import type { Field } from "./visible";
import { currentValue, fieldsOf, isShown, narrowed } from "./visible";

export type Finding =
  | { code: "required" }
  | { code: "notNumber" }
  | { code: "minimum"; limit: number }
  | { code: "above"; limit: number }
  | { code: "maximum"; limit: number }
  | { code: "maxLength"; limit: number }
  | { code: "pattern" }
  | { code: "notJson" }
  | { code: "option" };

export interface Located {
  /** Dotted path below the node: `params.headers.0.value`. */
  path: string;
  title: string;
  finding: Finding;
}

/** Returns what is wrong with the values of one form, in its order. */
export function checkForm(schema: ParamSchema, params: Readonly<Record<string, Json>>, base = "params"): Located[] {
  const fields = fieldsOf(schema);
  return fields
    .filter((field) => isShown(field, fields, params))
    .map((field) => narrowed(field, fields, params))
    .flatMap((field) => checkField(field, currentValue(field, params), `${base}.${field.name}`));
}

function checkField(field: Field, value: Json, path: string): Located[] {
  const at = (finding: Finding): Located[] => [{ path, title: field.title, finding }];
  const empty = value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
  if (empty) return field.required ? at({ code: "required" }) : [];
  if (field.ui.expression && hasExpression(value)) return [];
  const { schema, ui } = field;
  if (ui.kind === "number") return checkNumber(schema, value, at);
  if (ui.kind === "select" && ui.options && !ui.options.some((option) => option.value === value)) {
    return at({ code: "option" });
  }
  if (ui.kind === "json" && typeof value === "string") return at({ code: "notJson" });
  if (typeof value === "string") return checkText(schema, value, at);
  const items = schema.items;
  if (Array.isArray(value) && items?.properties && ui.kind !== "json") {
    return value.flatMap((row, index) =>
      typeof row === "object" && row !== null ? checkForm(items, row, `${path}.${index}`) : [],
    );
  }
  return [];
}

function checkNumber(schema: ParamSchema, value: Json, at: (finding: Finding) => Located[]): Located[] {
  if (typeof value !== "number" || Number.isNaN(value)) return at({ code: "notNumber" });
  if (schema.minimum !== undefined && value < schema.minimum) return at({ code: "minimum", limit: schema.minimum });
  if (schema.exclusiveMinimum !== undefined && value <= schema.exclusiveMinimum) {
    return at({ code: "above", limit: schema.exclusiveMinimum });
  }
  if (schema.maximum !== undefined && value > schema.maximum) return at({ code: "maximum", limit: schema.maximum });
  return [];
}

function checkText(schema: ParamSchema, value: string, at: (finding: Finding) => Located[]): Located[] {
  if (schema.maxLength !== undefined && value.length > schema.maxLength) {
    return at({ code: "maxLength", limit: schema.maxLength });
  }
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value)) return at({ code: "pattern" });
  return [];
}

export function checkNode(node: WorkflowNode, catalogue: Catalogue): Located[] {
  const entry = findType(catalogue, node.type, node.version);
  return entry ? checkForm(entry.paramsSchema, node.params) : [];
}

/** Diagnostics of every enabled node, in the server's shape. `say` turns a finding into a sentence. */
export function checkDocument(
  document: WorkflowDocument,
  catalogue: Catalogue,
  say: (title: string, finding: Finding) => { message: string; remedy: string },
): Diagnostic[] {
  return document.nodes
    .filter((node) => !node.settings.disabled)
    .flatMap((node) =>
      checkNode(node, catalogue).map(({ path, title, finding }) => ({
        code: finding.code,
        severity: "error" as const,
        nodeId: node.id,
        field: path,
        ...say(title, finding),
      })),
    );
}

/** The diagnostics of one node, by field path; those of no field under "". */
export function byField(diagnostics: readonly Diagnostic[], nodeId: string): Map<string, Diagnostic[]> {
  const map = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    if (diagnostic.nodeId !== nodeId) continue;
    const key = diagnostic.field ?? "";
    map.set(key, [...(map.get(key) ?? []), diagnostic]);
  }
  return map;
}

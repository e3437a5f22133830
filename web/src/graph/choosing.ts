/** Choices that other choices hang on: an app's operations are those of its resource (ADR 19). */

import type { NodeType } from "./catalogue";
import type { Json, Params, WorkflowDocument } from "./document";
import { findNode } from "./document";
import { setParam } from "./reducers";
import { type Field, fieldsOf, narrowed } from "./visible";

/**
 * Sets a parameter of a node. A choice that is none beside the new value becomes the first that is one; what was filled in
 * for an app's operation before is kept where the new one has a field of the same name and kind that is still empty.
 */
export function chooseParam(
  document: WorkflowDocument,
  entry: NodeType,
  id: string,
  key: string,
  value: Json,
): WorkflowDocument {
  const before = findNode(document, id)?.params;
  if (!before) return document;
  const fields = fieldsOf(entry.paramsSchema);
  const after: Params = { ...before, [key]: value };
  for (const field of fields) {
    if (!field.ui.options?.some(({ when }) => when && Object.hasOwn(when, key))) continue;
    const choices = narrowed(field, fields, after).ui.options ?? [];
    const [first] = choices;
    if (first && !choices.some((choice) => choice.value === after[field.name])) after[field.name] = first.value;
  }
  const whole = entry.category === "app" ? { ...after, ...carried(fields, before, after) } : after;
  return Object.entries(whole).reduce((current, [name, one]) => setParam(current, id, name, one), document);
}

/** What `before` has for fields of its operation that the operation of `after` has as well, by their names there. */
function carried(fields: readonly Field[], before: Readonly<Params>, after: Readonly<Params>): Params {
  const [from, to] = [prefixOf(before), prefixOf(after)];
  if (!from || !to || from === to) return {};
  const kept = fields.flatMap((field) => {
    if (!field.name.startsWith(to) || !isEmpty(field, after[field.name])) return [];
    const former = fields.find(({ name }) => name === from + field.name.slice(to.length));
    const value = former && isAlike(former, field) ? before[former.name] : undefined;
    return value === undefined ? [] : [[field.name, value] as const];
  });
  return Object.fromEntries(kept);
}

/** Whether nobody filled it in: a new node has its fields' defaults. */
function isEmpty({ schema }: Field, value: Json): boolean {
  return value === undefined || value === "" || JSON.stringify(value) === JSON.stringify(schema.default);
}

function isAlike(one: Field, other: Field): boolean {
  const typeOf = ({ schema, ui }: Field) => JSON.stringify([ui.kind, schema.type, schema.enum, schema.items]);
  return typeOf(one) === typeOf(other);
}

/** What the names of an operation's own fields begin with: `issueCreate` (`stepweave.spec.operation_forms`). */
function prefixOf({ resource, operation }: Readonly<Params>): string {
  if (typeof resource !== "string" || typeof operation !== "string") return "";
  return `${resource}_${operation}`.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** What the choices of a field depend on, and which of them fit what is written. Pure. */

import type { OptionsFrom, ParamSchema } from "../../graph/catalogue";
import type { Json, Params } from "../../graph/document";
import { hasExpression } from "../../graph/references";
import { currentValue, fieldsOf } from "../../graph/visible";
import { strings } from "../../strings";

export interface Choice {
  value: string;
  label: string;
  detail: string;
  /** Of choices that a mapping makes rows of: whether the row must be filled in. */
  required: boolean;
}

const t = strings.options;

/** The path of a field as the API names it: `params.columns.0.name` is `columns.name`. */
export const fieldName = (path: string): string =>
  path
    .split(".")
    .slice(1)
    .filter((step) => !/^\d+$/.test(step))
    .join(".");

/** What must be done before choices can be loaded; null where nothing must. */
export function needOf(from: OptionsFrom, schema: ParamSchema, params: Readonly<Params>): string | null {
  const fields = fieldsOf(schema);
  for (const name of from.needs) {
    const field = fields.find((one) => one.name === name);
    if (!field) continue;
    const value = currentValue(field, params);
    if (value === undefined || value === null || value === "") {
      return field.ui.kind === "credential" ? t.choose(field.title) : t.fillIn(field.title);
    }
    if (field.ui.expression && hasExpression(value)) return t.dependsOnExpression(field.title);
  }
  return null;
}

/** The parameters that choices depend on: those that are needed, and those that decide whether these are shown. */
export function told(from: OptionsFrom, schema: ParamSchema, params: Readonly<Params>): Params {
  const names = [...from.needs];
  for (const name of names) {
    const rules = schema.properties?.[name]?.["x-ui"]?.showWhen ?? {};
    for (const rule of Array.isArray(rules) ? rules : [rules]) {
      for (const other of Object.keys(rule)) if (!names.includes(other)) names.push(other);
    }
  }
  const kept: Record<string, Json> = {};
  for (const name of names) if (params[name] !== undefined) kept[name] = params[name];
  return kept;
}

/** Whether choices are of another workflow, which somebody may be editing in the next window. */
export const ofWorkflow = (from: OptionsFrom, schema: ParamSchema): boolean =>
  from.needs.some((name) => schema.properties?.[name]?.["x-ui"]?.kind === "workflow");

/** What is being written of several values in one field: behind the last separator. */
export function lastPart(text: string, separator: string | undefined): string {
  return separator ? text.slice(text.lastIndexOf(separator) + 1).trim() : text;
}

/** The field's text with a choice in the place of what was being written. */
export function withChoice(text: string, value: string, separator: string | undefined): string {
  if (!separator) return value;
  const before = text.slice(0, text.lastIndexOf(separator) + 1).trim();
  return `${before}${value}`;
}

/** The choices that contain a text, in value or label, without regard to case. */
export function matching(choices: readonly Choice[], text: string): readonly Choice[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return choices;
  return choices.filter(({ value, label }) => `${label}\n${value}`.toLowerCase().includes(wanted));
}

/** Which fields of a form are shown, in which group: the `showWhen` rules of the catalogue. */

import type { FieldUi, ParamSchema, ShowWhen } from "./catalogue";
import type { Json } from "./document";

export interface Field {
  name: string;
  schema: ParamSchema;
  ui: FieldUi;
  title: string;
  required: boolean;
}

/** All fields of a params schema, in its order. */
export function fieldsOf(schema: ParamSchema): Field[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const ui = property["x-ui"];
    if (!ui) return [];
    const needed = required.has(name) || ui.requiredWhenShown === true || (property.minItems ?? 0) > 0;
    return [{ name, schema: property, ui, title: property.title ?? name, required: needed }];
  });
}

/** The value a field stands for: what is saved, else its default. */
export function currentValue(field: Field, params: Readonly<Record<string, Json>>): Json {
  return params[field.name] ?? field.schema.default;
}

/** Whether `field` is shown beside the other values. A field that hangs on a hidden one is hidden as well. */
export function isShown(field: Field, fields: readonly Field[], params: Readonly<Record<string, Json>>): boolean {
  const rules = field.ui.showWhen ?? {};
  return (Array.isArray(rules) ? rules : [rules]).some((rule) => holds(rule, fields, params));
}

/** Whether rules (`showWhen`) of something beside the fields of a schema hold: any of them, or there are none. */
export function areShown(
  rules: ShowWhen | ShowWhen[] | undefined,
  schema: ParamSchema,
  params: Readonly<Record<string, Json>>,
): boolean {
  const fields = fieldsOf(schema);
  return rules === undefined || [rules].flat().some((rule) => holds(rule, fields, params));
}

/** The field with the choices that it has beside the other values (`Option.when`). */
export function narrowed(field: Field, fields: readonly Field[], params: Readonly<Record<string, Json>>): Field {
  const { options } = field.ui;
  if (!options?.some((option) => option.when)) return field;
  return { ...field, ui: { ...field.ui, options: options.filter(({ when }) => holds(when ?? {}, fields, params)) } };
}

function holds(rule: ShowWhen, fields: readonly Field[], params: Readonly<Record<string, Json>>): boolean {
  return Object.entries(rule).every(([name, values]) => {
    const other = fields.find((candidate) => candidate.name === name);
    if (!other) return true;
    return values.includes(currentValue(other, params)) && isShown(other, fields, params);
  });
}

/** Rows of conditions (`stepweave.spec.conditions.Condition`): what a change of one makes of it. Pure. */

import type { Operator, ParamSchema } from "../graph/catalogue";
import type { Json } from "../graph/document";
import { hasExpression } from "../graph/references";
import { textOf } from "./switching";

export type ConditionRow = Record<string, Json>;

/** Value type -> operators, as a conditions field's form has them. */
export type Operators = Readonly<Record<string, readonly Operator[]>>;

/** The type of a row that is a group of rows. */
export const GROUP = "group";

export const isGroup = (row: ConditionRow): boolean => row.type === GROUP;

/** Whether a list's rows are conditions. */
export const isCondition = (schema: ParamSchema | undefined): boolean =>
  schema?.properties?.operator !== undefined && schema.properties.left !== undefined;

/** Whether a row of a list may be a group. */
export const takesGroups = (schema: ParamSchema | undefined): boolean => schema?.properties?.conditions !== undefined;

export const newCondition = (): ConditionRow => ({ left: "", type: "text", operator: "equals", right: "" });

export const newGroup = (): ConditionRow => ({ type: GROUP, combine: "or", conditions: [newCondition()] });

/** The operators that a row may have. */
export const operatorsOf = (row: ConditionRow, operators: Operators): readonly Operator[] =>
  operators[String(row.type ?? "text")] ?? [];

/** The operator that a row has. A row without one has `equals`; none where its type has no such operator. */
export const operatorOf = (row: ConditionRow, operators: Operators): Operator | undefined =>
  operatorsOf(row, operators).find(({ value }) => value === (row.operator ?? "equals"));

/** The type that a side of a comparison is written as. */
function written(row: ConditionRow, side: "left" | "right"): string {
  const type = String(row.type ?? "text");
  return type === "list" && side === "right" && String(row.operator).startsWith("length") ? "number" : type;
}

/**
 * What a text stands for on a side of a comparison: with strict types `5` must be a number where numbers are compared.
 * Only a text that the number is written as again: one that is not finished (`1.`, `1.50`) stays what was typed.
 */
export function sideFrom(text: string, row: ConditionRow, side: "left" | "right"): Json {
  if (hasExpression(text)) return text;
  const type = written(row, side);
  if (type === "number" && Number.isFinite(Number(text)) && String(Number(text)) === text) return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

/** The row with its values as its type and operator have them: a number, or its text where text is compared. */
function retold(row: ConditionRow): ConditionRow {
  const told = { ...row };
  for (const side of ["left", "right"] as const) {
    const value = row[side];
    if (value !== undefined && value !== null && typeof value !== "object") {
      told[side] = row.type === "any" ? value : sideFrom(textOf(value), row, side);
    }
  }
  return told;
}

/** The row with another type, and the first of its operators where it does not have the row's. */
export function withType(row: ConditionRow, type: string, operators: Operators): ConditionRow {
  const known = operators[type]?.some(({ value }) => value === (row.operator ?? "equals"));
  return retold({ ...row, type, ...(known ? {} : { operator: operators[type]?.[0]?.value ?? "equals" }) });
}

export const withOperator = (row: ConditionRow, operator: string): ConditionRow => retold({ ...row, operator });

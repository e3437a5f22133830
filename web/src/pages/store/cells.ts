/** What a cell shows, what stands in its field, and what becomes of what somebody wrote there. Pure. */

import type { ColumnType } from "../../api/store";
import { strings } from "../../strings";

/** The value as the grid shows it. */
export function cellText(value: unknown, type: ColumnType): string {
  if (value === null || value === undefined) return "";
  if (type === "json") return JSON.stringify(value);
  if (type === "date" && typeof value === "string") return value.replace("T", " ").replace(/(:00)?\.000Z$/, "Z");
  return String(value);
}

/** The text that stands in the field of a cell that is edited. */
export function fieldText(value: unknown, type: ColumnType): string {
  if (type === "json" && value !== null && value !== undefined) return JSON.stringify(value);
  return value === null || value === undefined ? "" : String(value);
}

/** The value that a text stands for, or why it is none. The API reads numbers, dates and booleans itself. */
export function readText(text: string, type: ColumnType): { value: unknown } | { problem: string } {
  if (type !== "json") return { value: text };
  if (!text.trim()) return { value: null };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { problem: strings.store.notJson };
  }
}

export type Operator = keyof typeof strings.store.operators;

const ORDERED: Operator[] = ["equals", "notEquals", "greater", "less", "isEmpty", "isNotEmpty"];
const OPERATORS: Record<ColumnType, Operator[]> = {
  text: ["contains", "startsWith", ...ORDERED],
  number: ORDERED,
  date: ORDERED,
  boolean: ["isTrue", "isFalse", "isEmpty", "isNotEmpty"],
  json: ["contains", "isEmpty", "isNotEmpty"],
};

/** The comparisons that the filter offers for a column. */
export function operatorsFor(type: ColumnType): Operator[] {
  return OPERATORS[type];
}

/** Whether a comparison needs a value. */
export function isUnary(operator: Operator): boolean {
  return operator.startsWith("is");
}

/** The cell that an arrow key leads to, within the grid; null for other keys. */
export function moved(key: string, at: { row: number; column: number }, rows: number, columns: number) {
  const steps: Record<string, [number, number]> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    Home: [0, -columns],
    End: [0, columns],
    PageUp: [-rows, 0],
    PageDown: [rows, 0],
  };
  const step = Object.hasOwn(steps, key) ? steps[key] : undefined;
  if (!step) return null;
  const within = (value: number, most: number) => Math.min(Math.max(value, 0), most - 1);
  return { row: within(at.row + step[0], rows), column: within(at.column + step[1], columns) };
}

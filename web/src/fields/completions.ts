/** What to offer while somebody types an expression. Pure, so that it can be tested without an editor. */

import type { SchemaField } from "../graph/schema";
import type { ExpressionScope } from "./scope";

export interface Offer {
  label: string;
  apply?: string;
  detail?: string;
  /** It stands in place of the dot before it: `["first name"]`, `[0]`. */
  bracket?: true;
}

export interface Offers {
  /** What was typed of it so far. */
  typed: string;
  options: Offer[];
}

const VARIABLES: Offer[] = [
  { label: "$json", detail: "this item" },
  { label: "$input", detail: "all items" },
  { label: "$items", detail: "list of items" },
  { label: "$itemIndex", detail: "from 0" },
  { label: "$runIndex", detail: "round of the loop, from 0" },
  { label: "$now", detail: "date and time" },
  { label: "$today", detail: "midnight" },
  { label: "$workflow", detail: "id, name" },
  { label: "$execution", detail: "id, mode, trigger" },
  { label: "$vars", detail: "variables" },
  { label: "$if", apply: "$if(", detail: "condition, yes, no" },
  { label: "$ifEmpty", apply: "$ifEmpty(", detail: "value, else" },
  { label: "$fromAI", apply: "$fromAI('", detail: "name, description, type: what an agent's model gives" },
  { label: "$jmespath", apply: "$jmespath(", detail: "data, query" },
  { label: "DateTime", detail: "Luxon" },
];

const plain = (...labels: string[]): Offer[] => labels.map((label) => ({ label }));
/** Functions, each with what it is called with. */
const calls = (...told: [label: string, apply: string][]): Offer[] => told.map(([label, apply]) => ({ label, apply }));

const DATE = [
  ...calls(["plus", "plus({ days: 1 })"], ["minus", "minus({ days: 1 })"], ["toFormat", "toFormat('yyyy-MM-dd')"]),
  ...plain("toISO()", "toISODate()", "toMillis()", "year", "month", "day", "hour", "minute", "weekday"),
  ...calls(["startOf", "startOf('month')"], ["endOf", "endOf('month')"], ["setZone", "setZone('Europe/Berlin')"]),
];
const ONE_OF_ITEMS = plain("item", "first()", "last()", "all()");
const MEMBERS: Record<string, Offer[]> = {
  $input: ONE_OF_ITEMS,
  $workflow: plain("id", "name"),
  $execution: plain("id", "mode", "trigger", "startedAt", "environment", "resumeUrl", "formUrl"),
  $now: DATE,
  $today: DATE,
};
const OF_NODE = [...ONE_OF_ITEMS, ...calls(["itemMatching", "itemMatching(0)"]), ...plain("isExecuted")];
const OF_TEXT = [
  ...plain("length", "trim()", "toLowerCase()", "toUpperCase()"),
  ...calls(["includes", "includes('')"], ["startsWith", "startsWith('')"], ["endsWith", "endsWith('')"]),
  ...calls(["replace", "replace('', '')"], ["split", "split(',')"], ["slice", "slice(0, 10)"]),
];
const OF_NUMBER = calls(["toFixed", "toFixed(2)"], ["toString", "toString()"]);
const OF_LIST = [
  ...plain("length"),
  ...calls(
    ["map", "map((entry) => entry)"],
    ["filter", "filter((entry) => entry)"],
    ["find", "find((entry) => entry)"],
  ),
  ...calls(["join", "join(', ')"], ["includes", "includes('')"], ["slice", "slice(0, 10)"]),
  ...calls(["reduce", "reduce((sum, entry) => sum + entry, 0)"], ["some", "some((entry) => entry)"]),
];

const NAME = String.raw`(['"\`])((?:\\.|(?!\1).)*)\1`;
const OTHER = new RegExp(String.raw`(?:\$\(\s*${NAME}\s*\)|\$node\[\s*${NAME.replaceAll("\\1", "\\3")}\s*\])`);
const ITEM = String.raw`\.(?:item|first\(\)|last\(\))`;
const STEP = String.raw`\??\.[A-Za-z_$][\w$]*|(?:\?\.)?\[(?:\d+|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")\]`;
const OWN = new RegExp(String.raw`(?:^|[^\w.$])(?:\$json|\$input${ITEM}\.json|\$items\[\d+\]\.json)((?:${STEP})*)$`);
const OTHERS = new RegExp(
  String.raw`(?:\$\(\s*${NAME}\s*\)${ITEM}|\$node\[\s*${NAME.replaceAll("\\1", "\\3")}\s*\])\.json((?:${STEP})*)$`,
);

const quote = (name: string) => `'${name.replace(/[\\']/g, "\\$&")}'`;
const unescaped = (text: string) => text.replace(/\\(.)/g, "$1");

/** The inside of the expression that is open at the end of a text; null outside `{{ }}`. */
function opened(before: string): string | null {
  const open = before.lastIndexOf("{{");
  return open < 0 || before.indexOf("}}", open) >= 0 ? null : before.slice(open + 2);
}

/** The node whose fields are asked for at the end of a text, where it is not the one whose items come in. */
export function otherNode(before: string): string | null {
  const inside = opened(before);
  const found = inside === null ? null : OTHERS.exec(split(inside).object ?? "");
  const name = found?.[2] ?? found?.[4];
  return name === undefined ? null : unescaped(name);
}

/** The word that is being typed, and what stands before its dot; null where no dot does. */
function split(inside: string): { typed: string; head: string; object: string | null } {
  const typed = /[\w$]*$/.exec(inside)?.[0] ?? "";
  const head = inside.slice(0, inside.length - typed.length);
  return { typed, head, object: head.endsWith(".") ? head.slice(0, head.endsWith("?.") ? -2 : -1) : null };
}

/** Offers for the text before the cursor, and how much of it they replace; null outside `{{ }}`. */
export function completionsAt(before: string, scope: ExpressionScope): Offers | null {
  const inside = opened(before);
  if (inside === null) return null;
  const { typed, head, object } = split(inside);
  if (object === null) {
    if (/['"`][^'"`]*$/.test(head.replace(/(['"`])[^'"`]*\1/g, ""))) return null;
    const nodes = scope.nodes.map(({ name }) => ({ label: `$(${quote(name)})`, detail: "node" }));
    return { typed, options: [...VARIABLES, ...nodes] };
  }
  return { typed, options: membersOf(object, scope) };
}

function membersOf(object: string, scope: ExpressionScope): Offer[] {
  const own = OWN.exec(object);
  if (own) return offersAt(scope.nodes[0]?.fields, own[1] ?? "");
  const other = OTHERS.exec(object);
  if (other) {
    const name = unescaped(other[2] ?? other[4] ?? "");
    return offersAt(scope.nodes.find((node) => node.name === name)?.fields, other[5] ?? "");
  }
  if (new RegExp(`${OTHER.source}$`).test(object)) {
    const name = OTHER.exec(object.slice(object.lastIndexOf("$")));
    if (name?.[4] !== undefined) return plain("json");
    return scope.nodes.some((node) => node.name === unescaped(name?.[2] ?? "")) ? OF_NODE : [];
  }
  if (new RegExp(`(?:${OTHER.source}|\\$input)${ITEM}$`).test(object)) return plain("json");
  if (/(?:^|[^\w.$])\$vars$/.test(object))
    return (scope.variables ?? []).map(({ name, value }) => ({ label: name, detail: value.slice(0, 40) }));
  const variable = /(?:^|[^\w.$])(\$\w+)$/.exec(object)?.[1];
  return (variable && MEMBERS[variable]) || [];
}

/** What can be read of the value that steps lead to. */
function offersAt(fields: readonly SchemaField[] | undefined, steps: string): Offer[] {
  let here: SchemaField | null = null;
  let children = fields ?? [];
  for (const [step] of steps.matchAll(new RegExp(STEP, "g"))) {
    const key = keyOf(step);
    const next: SchemaField | undefined =
      typeof key === "number"
        ? children.find((field) => typeof field.key === "number")
        : children.find((field) => field.key === key);
    if (!next) return [];
    here = next;
    children = next.children;
  }
  const within = children.map(offerOf);
  if (here?.type === "list") return [...within, ...OF_LIST];
  if (here?.type === "text") return OF_TEXT;
  return here?.type === "number" ? OF_NUMBER : within;
}

function keyOf(step: string): string | number {
  const inner = /\[(.*)\]$/.exec(step)?.[1];
  if (inner === undefined) return step.replace(/^\??\./, "");
  return /^\d+$/.test(inner) ? Number(inner) : unescaped(inner.slice(1, -1));
}

function offerOf({ key, type, sample, children }: SchemaField): Offer {
  const text = typeof sample === "string" ? sample : JSON.stringify(sample);
  const detail = type === "object" ? `{ ${children.map((child) => child.key).join(", ")} }` : text;
  const told = { detail: (detail ?? "").slice(0, 40) };
  if (typeof key === "number") return { label: `[${key}]`, apply: `[${key}]`, bracket: true, ...told };
  if (/^[A-Za-z_$][\w$]*$/.test(key)) return { label: key, ...told };
  return { label: key, apply: `[${JSON.stringify(key)}]`, bracket: true, ...told };
}

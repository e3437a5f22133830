/** What to offer while somebody types an expression. Pure, so that it can be tested without an editor. */

import type { ExpressionScope } from "./scope";

export interface Offer {
  label: string;
  apply?: string;
  detail?: string;
}

const VARIABLES: Offer[] = [
  { label: "$json", detail: "this item" },
  { label: "$input", detail: "all items" },
  { label: "$items", detail: "list of items" },
  { label: "$itemIndex", detail: "from 0" },
  { label: "$now", detail: "date and time" },
  { label: "$today", detail: "midnight" },
  { label: "$workflow", detail: "id, name" },
  { label: "$execution", detail: "id, mode" },
  { label: "$vars", detail: "variables" },
  { label: "$if", apply: "$if(", detail: "condition, yes, no" },
  { label: "$ifEmpty", apply: "$ifEmpty(", detail: "value, else" },
  { label: "$jmespath", apply: "$jmespath(", detail: "data, query" },
  { label: "DateTime", detail: "Luxon" },
];

const MEMBERS: Record<string, Offer[]> = {
  $input: ["all()", "first()", "last()", "item"].map((label) => ({ label })),
  $workflow: ["id", "name"].map((label) => ({ label })),
  $execution: ["id", "mode"].map((label) => ({ label })),
};

const OF_NODE: Offer[] = ["item", "first()", "last()", "all()"].map((label) => ({ label }));

const quote = (name: string) => `'${name.replace(/[\\']/g, "\\$&")}'`;

const fieldOffers = (node: ExpressionScope["nodes"][number] | undefined): Offer[] =>
  (node?.fields ?? [])
    .filter((field) => /^[A-Za-z_$][\w$]*$/.test(field))
    .map((label) => ({ label, ...(node?.samples?.[label] ? { detail: node.samples[label] } : {}) }));

/** Offers for the text before the cursor, and how much of it they replace; null outside `{{ }}`. */
export function completionsAt(before: string, scope: ExpressionScope): { typed: string; options: Offer[] } | null {
  const open = before.lastIndexOf("{{");
  if (open < 0 || before.indexOf("}}", open) >= 0) return null;
  const inside = before.slice(open + 2);
  const typed = /[\w$]*$/.exec(inside)?.[0] ?? "";
  const head = inside.slice(0, inside.length - typed.length);
  if (!head.endsWith(".")) {
    if (/['"`][^'"`]*$/.test(head.replace(/(['"`])[^'"`]*\1/g, ""))) return null;
    const nodes = scope.nodes.map(({ name }) => ({ label: `$(${quote(name)})`, detail: "node" }));
    return { typed, options: [...VARIABLES, ...nodes] };
  }
  const object = head.slice(0, -1);
  const call = /\$\(\s*(['"`])(.*?)\1\s*\)$/.exec(object);
  if (call) return { typed, options: scope.nodes.some(({ name }) => name === call[2]) ? OF_NODE : [] };
  const ofNode = /\$\(\s*(['"`])(.*?)\1\s*\)\.(?:item|first\(\)|last\(\))$/.exec(object);
  if (ofNode) return { typed, options: [{ label: "json" }] };
  const jsonOfNode = /\$\(\s*(['"`])(.*?)\1\s*\)\.(?:item|first\(\)|last\(\))\.json$/.exec(object);
  if (jsonOfNode) {
    return { typed, options: fieldOffers(scope.nodes.find(({ name }) => name === jsonOfNode[2])) };
  }
  if (/(^|[^\w.$])\$json$/.test(object)) return { typed, options: fieldOffers(scope.nodes[0]) };
  const variable = /(?:^|[^\w.$])(\$\w+)$/.exec(object)?.[1];
  return { typed, options: (variable && MEMBERS[variable]) || [] };
}

/** The names that a code node's code finds, for completion; what they mean is in docs/guides/code.md. */

import { type Completion, type CompletionSource, completeFromList } from "@codemirror/autocomplete";

const variables = (told: [label: string, detail: string][]): Completion[] =>
  told.map(([label, detail]) => ({ label, detail, type: "variable" }));

const JAVASCRIPT = variables([
  ["$input", "all(), first(), last(), item"],
  ["$json", "this item's json"],
  ["$items", "list of items"],
  ["$itemIndex", "from 0"],
  ["$runIndex", "round of the loop, from 0"],
  ["$node", '["Node name"]'],
  ["$workflow", "id, name"],
  ["$execution", "id, mode, trigger"],
  ["$vars", "variables"],
  ["$now", "date and time"],
  ["$today", "midnight"],
  ["$jmespath", "data, query"],
  ["items", "list of items"],
  ["DateTime", "Luxon"],
  ["luxon", "Luxon"],
  ["lodash", "also _"],
  ["crypto", "createHash, createHmac, randomUUID"],
  ["require", "lodash, luxon, crypto, buffer, url, util"],
  ["Buffer", "bytes"],
  ["structuredClone", "a deep copy"],
]);

const PYTHON = variables([
  ["_items", "list of items"],
  ["_item", "this item"],
  ["_json", "this item's json"],
  ["_itemIndex", "from 0"],
  ["_runIndex", "round of the loop, from 0"],
  ["_input", "all(), first(), last(), item"],
  ["_node", '["Node name"]'],
  ["_workflow", "id, name"],
  ["_execution", "id, mode, trigger"],
  ["_vars", "variables"],
  ["_now", "datetime"],
  ["_today", "midnight"],
]);

const MODULES = (
  "base64 collections csv datetime decimal hashlib hmac html itertools json math random re statistics string " +
  "textwrap urllib.parse uuid zoneinfo"
)
  .split(" ")
  .map((label): Completion => ({ label, type: "namespace" }));

/** Names with `$` are words here, too. */
const named = (options: Completion[]): CompletionSource => {
  const source = completeFromList(options);
  return (context) => {
    const word = context.matchBefore(/[\w$]+$/);
    if (!word && !context.explicit) return null;
    return word ? { from: word.from, options, validFor: /^[\w$]*$/ } : source(context);
  };
};

const pythonNames = named(PYTHON);

/** Completes a language's own names; modules behind `import`. */
export const CODE_NAMES: Record<string, CompletionSource> = {
  javascript: named(JAVASCRIPT),
  python: (context) => {
    const importing = context.matchBefore(/\b(?:import|from)\s+[\w.]*$/);
    if (!importing) return pythonNames(context);
    const from = context.pos - (/[\w.]*$/.exec(importing.text)?.[0].length ?? 0);
    return { from, options: MODULES, validFor: /^[\w.]*$/ };
  },
};

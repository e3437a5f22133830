// Prints the gzipped JavaScript of the initial route and fails above the budget of 300 KB.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 300;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", dist), "utf8"));

/** All chunks that `key` needs before it can run. */
function closure(key, seen = new Set()) {
  if (!seen.has(key)) {
    seen.add(key);
    for (const next of manifest[key].imports ?? []) closure(next, seen);
  }
  return seen;
}

async function kilobytes(keys) {
  let bytes = 0;
  for (const key of keys) bytes += gzipSync(await readFile(new URL(manifest[key].file, dist))).length;
  return bytes / 1024;
}

const entry = closure("index.html");
for (const key of Object.keys(manifest).filter((name) => manifest[name].isDynamicEntry)) {
  const more = [...closure(key)].filter((name) => !entry.has(name));
  console.log(`${(await kilobytes(more)).toFixed(1).padStart(7)} KB gz  + ${key}`);
}
const home = new Set([...entry, ...closure("src/pages/WorkflowsPage.tsx")]);
const initial = await kilobytes(home);
console.log(`${initial.toFixed(1).padStart(7)} KB gz  initial route (entry and workflow list), budget ${BUDGET_KB} KB`);
if (initial > BUDGET_KB) {
  console.error("The initial route is over its budget: load what it does not need with import().");
  process.exit(1);
}

// Writes src/ui/nodeIcons.ts: the Lucide icons that the catalogue names, so that the bundle has these and no others.
// A name that Lucide does not have ends it with the type that names it. `--check` fails when the file is stale.
import { readFile } from "node:fs/promises";
import dynamicIconImports from "lucide-react/dynamicIconImports.mjs";
import { writeOrCheck } from "./generated.mjs";

const source = new URL("../../docs/reference/catalog.json", import.meta.url);
const catalogue = JSON.parse(await readFile(source, "utf8"));
const entries = [...catalogue.nodes, ...catalogue.credentials];
for (const { type, icon } of entries) {
  if (icon in dynamicIconImports) continue;
  console.error(
    `The spec of ${type} names the icon ${JSON.stringify(icon)}, which Lucide does not have: choose one of`,
  );
  console.error("https://lucide.dev/icons, written as there (`calendar-clock`).");
  process.exit(1);
}

const pascal = (name) => name.replace(/(^|-)(\w)/g, (_, __, letter) => letter.toUpperCase());
const key = (name) => (/^\w+$/.test(name) ? name : JSON.stringify(name));
const names = [...new Set(entries.map(({ icon }) => icon))].sort();
const imports = [...new Set([...names.map(pascal), "Box"])].sort();

await writeOrCheck({
  "ui/nodeIcons.ts": `// Generated from docs/reference/catalog.json by \`npm run generate\`. Do not edit.

import type { LucideIcon } from "lucide-react";
import {
${imports.map((name) => `  ${name},`).join("\n")}
} from "lucide-react";

const ICONS: Readonly<Record<string, LucideIcon>> = {
${names.map((name) => `  ${key(name)}: ${pascal(name)},`).join("\n")}
};

/** The icon of a node type or a credential type; a box for one that this app does not know yet. */
export const nodeIcon = (name: string | undefined): LucideIcon => (name && ICONS[name]) || Box;
`,
});

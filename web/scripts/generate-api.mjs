// Writes src/api/schema.d.ts and src/api/shapes.json from docs/reference/openapi.json. `--check` fails when the
// committed files are stale.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import { shapesOf } from "./shapes.mjs";

const source = new URL("../../docs/reference/openapi.json", import.meta.url);
const document = JSON.parse(await readFile(source, "utf8"));
const header = "// Generated from docs/reference/openapi.json by `npm run generate`. Do not edit.\n\n";
const generated = {
  // Before openapi-typescript, which resolves references in place.
  "shapes.json": `${JSON.stringify(shapesOf(document), null, 1)}\n`,
  "schema.d.ts": header + astToString(await openapiTS(document)),
};

for (const [name, wanted] of Object.entries(generated)) {
  const target = new URL(`../src/api/${name}`, import.meta.url);
  if (!process.argv.includes("--check")) {
    await writeFile(target, wanted);
    continue;
  }
  const found = await readFile(target, "utf8").catch(() => "");
  if (found !== wanted) {
    console.error(`${fileURLToPath(target)} is stale: run \`npm run generate\` in web/ and commit the result.`);
    process.exitCode = 1;
  }
}

// Writes src/api/schema.d.ts from docs/reference/openapi.json. `--check` fails when the committed file is stale.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const source = new URL("../../docs/reference/openapi.json", import.meta.url);
const target = new URL("../src/api/schema.d.ts", import.meta.url);
const document = JSON.parse(await readFile(source, "utf8"));
const header = "// Generated from docs/reference/openapi.json by `npm run generate`. Do not edit.\n\n";
const wanted = header + astToString(await openapiTS(document));

if (process.argv.includes("--check")) {
  const found = await readFile(target, "utf8").catch(() => "");
  if (found !== wanted) {
    console.error(`${fileURLToPath(target)} is stale: run \`npm run generate\` in web/ and commit the result.`);
    process.exit(1);
  }
} else {
  await writeFile(target, wanted);
}

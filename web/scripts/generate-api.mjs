// Writes src/api/schema.d.ts and src/api/shapes.json from docs/reference/openapi.json. `--check` fails when the
// committed files are stale.
import { readFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";
import { writeOrCheck } from "./generated.mjs";
import { shapesOf } from "./shapes.mjs";

const source = new URL("../../docs/reference/openapi.json", import.meta.url);
const document = JSON.parse(await readFile(source, "utf8"));
const header = "// Generated from docs/reference/openapi.json by `npm run generate`. Do not edit.\n\n";
await writeOrCheck({
  // Before openapi-typescript, which resolves references in place.
  "api/shapes.json": `${JSON.stringify(shapesOf(document), null, 1)}\n`,
  "api/schema.d.ts": header + astToString(await openapiTS(document)),
});

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
  "api/schema.d.ts": header + astToString(await openapiTS(withoutExamples(document))),
});

/** The document without its examples, which types do not need: they would be much of the file, as comments. */
function withoutExamples(value, isNames = false) {
  if (Array.isArray(value)) return value.map((entry) => withoutExamples(entry));
  if (typeof value !== "object" || value === null) return value;
  // What stands below `properties` are names of fields, one of which may be `example`.
  const kept = Object.entries(value).filter(([name]) => isNames || (name !== "example" && name !== "examples"));
  return Object.fromEntries(
    kept.map(([name, part]) => [name, withoutExamples(part, !isNames && name === "properties")]),
  );
}

// Writes generated files, or with `--check` on the command line fails when a committed one is stale.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

export async function writeOrCheck(files) {
  for (const [name, wanted] of Object.entries(files)) {
    const target = new URL(`../src/${name}`, import.meta.url);
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
}

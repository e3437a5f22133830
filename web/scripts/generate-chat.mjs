// Writes functions/system/chat/chat.js, the script of chat pages, from src/chat/page. `--check` fails when it is stale.
import { build } from "vite";
import { writeOrCheck } from "./generated.mjs";

const entry = new URL("../src/chat/page/main.ts", import.meta.url).pathname;
const made = await build({
  configFile: false,
  logLevel: "error",
  build: { write: false, target: "es2022", lib: { entry, formats: ["es"], fileName: "chat" }, minify: "oxc" },
});
const [{ code }] = [made].flat()[0].output;
await writeOrCheck({ "../../functions/system/chat/chat.js": code });

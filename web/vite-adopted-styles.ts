/**
 * Has libraries that write `<style>` elements make style sheets instead, which the Content-Security-Policy of the app
 * lets them do (CSSOM): it has no 'unsafe-inline'. Nonces would need another page for each visitor.
 */

import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const SINGLETON = fileURLToPath(new URL("./src/ui/adoptedStyles.ts", import.meta.url));
/** What style-mod (CodeMirror) asks before it makes a sheet: it does so in shadow roots only, of old. */
const SHADOW_ONLY = "!root.head && root.adoptedStyleSheets";

export function adoptedStyles(): Plugin {
  return {
    name: "adopted-styles",
    enforce: "pre",
    apply: "build",
    resolveId: (source, importer) =>
      source === "./singleton" && importer?.includes("/react-style-singleton/") ? SINGLETON : undefined,
    transform(code, id) {
      if (!id.includes("/style-mod/")) return undefined;
      if (!code.includes(SHADOW_ONLY)) throw new Error("style-mod has changed: see vite-adopted-styles.ts");
      return { code: code.replace(SHADOW_ONLY, "root.adoptedStyleSheets"), map: null };
    },
  };
}

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { adoptedStyles } from "./vite-adopted-styles";

// `npm run dev` talks to the fake API of dev/server.mjs, or to a real stack at STEPWEAVE_URL.
const target = process.env.STEPWEAVE_URL ?? "http://127.0.0.1:8499";

export default defineConfig({
  plugins: [react(), tailwindcss(), adoptedStyles()],
  build: {
    target: "es2022",
    // The edge's Content-Security-Policy has no data: for fonts and scripts, so nothing is inlined.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    manifest: true,
  },
  server: {
    port: 5173,
    strictPort: true,
    // Tests read what Python has: tables in tests/contract, codes of the API.
    fs: { allow: [".."] },
    proxy: {
      "/api": { target, changeOrigin: true },
      "/hooks": { target, changeOrigin: true },
      "/forms": { target, changeOrigin: true },
      "/chat/": { target, changeOrigin: true },
      "/live": { target, ws: true, changeOrigin: true },
    },
  },
  test: {
    include: ["src/**/*.test.{ts,tsx}", "dev/**/*.test.mjs"],
    // A test that draws says `// @vitest-environment jsdom`: making a DOM takes longer than most files' tests.
    environment: "node",
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
    // Forms with many editors take seconds to look through where the machine is busy.
    testTimeout: 30_000,
    coverage: { include: ["src/graph/**", "src/live/**", "src/fields/**", "src/run/**", "src/api/**"] },
  },
});

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { defineConfig } from "@playwright/test";

/** The stack under test: the embedded one by default. It must be up and seeded. */
const baseURL = process.env.STEPWEAVE_URL ?? "http://127.0.0.1:8400";
/** Tests that kill functions and empty Redis. */
const BREAKING = "live.spec.ts";

/** The address bar's popups, pages themselves, which every new context draws: 0.6 s of a processor each. */
const OMNIBOX = ["WebUIOmniboxPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxAimPopup"];
/** What Playwright switches off (1.65): the last such list is the one that counts. */
const PLAYWRIGHTS = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
];

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  globalSetup: "./e2e/tenant.ts",
  // No test measures time: these only end what hangs, on a machine that does ten other things as well.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  // Each worker has a tenant of its own; what breaks the stack for everybody runs after the others, by itself.
  workers: 2,
  projects: [
    { name: "app", testIgnore: BREAKING },
    { name: "breaking", testMatch: BREAKING },
  ],
  retries: 0,
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    baseURL,
    viewport: { width: 1440, height: 900 },
    screenshot: "only-on-failure",
    // A trace takes a fifth more of a processor (canvas.spec.ts: 24 s instead of 19), with the film more than the test.
    // What failed has a picture and the page as a reader hears it; STEPWEAVE_E2E_TRACE=1 keeps the trace, too.
    trace: process.env.STEPWEAVE_E2E_TRACE ? { mode: "retain-on-failure", screenshots: false } : "off",
    launchOptions: {
      // The system's browser: nothing is downloaded.
      executablePath: browserPath(),
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        `--disable-features=${[...PLAYWRIGHTS, ...OMNIBOX].join(",")}`,
      ],
    },
  },
});

function browserPath(): string {
  const wanted = process.env.STEPWEAVE_CHROMIUM;
  if (wanted) return wanted;
  const found = (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "chromium"))
    .find((path) => existsSync(path));
  if (!found) throw new Error("No `chromium` on PATH: install it, or name another browser in STEPWEAVE_CHROMIUM.");
  return found;
}

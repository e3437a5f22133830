/** What goes wrong, done to the app: answers that are none, saves that fail, files and text from outside. */

import type { Route } from "@playwright/test";

/** Requests of the app to the API; those of `except` go through. */
export function api(except?: RegExp): (url: URL) => boolean {
  return ({ pathname }) => pathname.startsWith("/api/") && !except?.test(pathname);
}

export const saves = ({ pathname }: URL) => /^\/api\/workflows\/[^/]+$/.test(pathname);

export const HTML = "<html><body><h1>Bad gateway</h1></body></html>";

export const BAD_ANSWERS: Record<string, { told: RegExp; answer: (route: Route) => Promise<unknown> }> = {
  "502 with HTML": {
    told: /Stepweave had a problem/,
    answer: (route) => route.fulfill({ status: 502, contentType: "text/html", body: HTML }),
  },
  "200 with HTML": {
    told: /The answer made no sense/,
    answer: (route) => route.fulfill({ status: 200, contentType: "text/html", body: HTML }),
  },
  "half of a JSON": {
    told: /is not JSON/,
    answer: (route) => route.fulfill({ status: 200, contentType: "application/json", body: '{"items": [' }),
  },
  "JSON of another shape": {
    told: /is not what it should be/,
    answer: (route) => route.fulfill({ json: { items: "none", nodes: 5 } }),
  },
  "no connection": {
    told: /Stepweave cannot be reached/,
    answer: (route) => route.abort("connectionrefused"),
  },
};

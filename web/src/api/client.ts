/** The API client: types from docs/reference/openapi.json, requests signed and renewed here, failures as `ApiError`. */

import createClient from "openapi-fetch";
import { ask } from "./ask";
import { ApiError, checked } from "./problem";
import type { paths } from "./schema";
import { currentToken, refresh } from "./session";
import { sensible } from "./shape";

async function send(request: Request): Promise<Response> {
  request.headers.set("authorization", `Bearer ${await currentToken()}`);
  return ask(request);
}

/** `fetch` that signs a request, and renews the session once where the API says that it is over. */
export async function signedFetch(request: Request): Promise<Response> {
  const again = request.clone();
  const first = await send(request);
  if (first.status !== 401) return first;
  if (!(await refresh())) throw new ApiError("signedOut", 401, {});
  return send(again);
}

export const client = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: "same-origin",
  fetch: async (request: Request) => checked(await signedFetch(request)),
});

/** For what nobody logs in for: sent without the session, which there need not be. */
export const openClient = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: "omit",
  fetch: async (request: Request) => checked(await ask(request)),
});

for (const one of [client, openClient]) {
  one.use({
    async onResponse({ request, response, schemaPath }) {
      if (response.status !== 204) {
        sensible(`${request.method} ${schemaPath}`, response.status, await response.clone().text());
      }
      return undefined;
    },
  });
}

/** The data of an answer. Failures never get here: `checked` has thrown them. */
export async function dataOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

/** Options of a request that may be given up. */
export const given = (signal: AbortSignal | undefined) => (signal ? { signal } : {});

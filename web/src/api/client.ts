/** Sends a request with the session's token, renews the session once where the API says it is over. */

import { ApiError, readAnswer } from "./problem";
import { currentToken, refresh } from "./session";

export type Query = Record<string, string | number | boolean | null | undefined>;

/** `fetch` that signs requests; what the API client is built on. */
export async function signedFetch(request: Request): Promise<Response> {
  const again = request.clone();
  const first = await send(request);
  if (first.status !== 401) return first;
  if (!(await refresh())) throw new ApiError("signedOut", 401, {});
  return send(again);
}

async function send(request: Request): Promise<Response> {
  const token = await currentToken();
  request.headers.set("authorization", `Bearer ${token}`);
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("offline", 0, {});
  }
}

export async function call<T>(
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  options: { query?: Query; body?: unknown; signal?: AbortSignal | undefined } = {},
): Promise<T> {
  const url = new URL(`/api${path}`, window.location.origin);
  for (const [key, value] of Object.entries(options.query ?? {})) {
    if (value !== null && value !== undefined && value !== "") url.searchParams.set(key, String(value));
  }
  const request = new Request(url, {
    method,
    credentials: "same-origin",
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.body === undefined
      ? {}
      : { headers: { "content-type": "application/json" }, body: JSON.stringify(options.body) }),
  });
  return readAnswer<T>(await signedFetch(request));
}

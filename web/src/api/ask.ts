/** Sends a request and waits for the whole answer, but not for ever. */

import { strings } from "../strings";
import { ApiError } from "./problem";

/** The API answers within a second or two; behind this something is wrong, and whoever waits should know. */
export const LIMIT_MS = 30_000;

/** Answers that have no body. */
const BODILESS = [204, 205, 304];

/**
 * Returns the answer with all of its body. Rejects with an `ApiError` where there is no connection (`offline`) or no
 * answer in time (`slow`), and as `fetch` does where the request's own signal gave it up.
 */
export async function ask(request: Request, limit = LIMIT_MS): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), limit);
  try {
    const response = await fetch(request, { signal: AbortSignal.any([request.signal, late.signal]) });
    const { status, headers } = response;
    return new Response(BODILESS.includes(status) ? null : await response.text(), { status, headers });
  } catch (error) {
    if (request.signal.aborted) throw error;
    if (!late.signal.aborted) throw new ApiError("offline", 0, {});
    throw new ApiError("slow", 0, request.method === "GET" ? {} : { detail: strings.errors.slowChange });
  } finally {
    clearTimeout(timer);
  }
}

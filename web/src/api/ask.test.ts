import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ask, LIMIT_MS } from "./ask";
import { ApiError } from "./problem";

const request = (init?: RequestInit) => new Request("http://localhost/api/me", init);

/** A `fetch` that never answers, and ends as the real one does when its signal is aborted. */
function never(_: Request, { signal }: { signal: AbortSignal }): Promise<Response> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new DOMException("Aborted", "AbortError")));
  });
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a request", () => {
  it("has its whole answer", async () => {
    vi.stubGlobal("fetch", async () => new Response("hello", { status: 201, headers: { "x-a": "b" } }));
    const answer = await ask(request());
    expect([answer.status, answer.headers.get("x-a"), await answer.text()]).toEqual([201, "b", "hello"]);
  });

  it("may have an answer without a body", async () => {
    vi.stubGlobal("fetch", async () => new Response(null, { status: 204 }));
    expect((await ask(request())).status).toBe(204);
  });

  it("that nothing answers is given up in the end", async () => {
    vi.stubGlobal("fetch", never);
    const failure = ask(request()).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(LIMIT_MS);
    expect(await failure).toMatchObject({ kind: "slow", passing: true, unanswered: true });
  });

  it("that should change something may have done so when it is given up", async () => {
    vi.stubGlobal("fetch", never);
    const failure = ask(request({ method: "POST" })).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(LIMIT_MS);
    expect(await failure).toMatchObject({ kind: "slow", detail: expect.stringContaining("See whether it happened") });
  });

  it("whose answer stops half way is given up too", async () => {
    vi.stubGlobal("fetch", async (_: Request, { signal }: { signal: AbortSignal }) => {
      const body = new ReadableStream({
        start: (control) => signal.addEventListener("abort", () => control.error(signal.reason)),
      });
      return new Response(body);
    });
    const failure = ask(request()).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(LIMIT_MS);
    expect(await failure).toMatchObject({ kind: "slow" });
  });

  it("without a connection says so", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(ask(request())).rejects.toMatchObject({ kind: "offline" });
  });

  it("that is not wanted any more is no failure of the API", async () => {
    vi.stubGlobal("fetch", never);
    const abort = new AbortController();
    const failure = ask(request({ signal: abort.signal })).catch((error: unknown) => error);
    abort.abort();
    expect(await failure).not.toBeInstanceOf(ApiError);
  });
});

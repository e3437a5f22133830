// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import * as api from "../api/listening";
import { ApiError } from "../api/problem";
import type { Listen } from "../api/types";
import { leave, listen, stop, useListening } from "./listening";
import { useEditor } from "./store";

const UNTIL = "2026-11-29T10:02:00Z";
const waiting: Listen = { id: "l1", state: "waiting", until: UNTIL, items: [] };
const heard: Listen = { id: "l1", state: "heard", until: UNTIL, items: [{ json: { ref: "main" } }] };
const state = (nodeId: string) => useListening.getState().of[nodeId];

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(api, "stopListening").mockResolvedValue();
});
afterEach(() => {
  leave();
  vi.useRealTimers();
});

it("shows the newest things at once, and nothing is to be stopped", async () => {
  vi.spyOn(api, "listenOnce").mockResolvedValue({ ...heard, id: null, until: null });
  await listen("w", "orders");
  expect(state("orders")).toEqual({ kind: "heard", items: heard.items });
  expect(api.stopListening).not.toHaveBeenCalled();
});

it("waits for an event, and has the provider forget the address when it came", async () => {
  vi.spyOn(api, "listenOnce").mockResolvedValue(waiting);
  vi.spyOn(api, "getListening").mockResolvedValueOnce(waiting).mockResolvedValue(heard);
  await listen("w", "push");
  expect(state("push")).toEqual({ kind: "waiting", until: Date.parse(UNTIL) });
  await vi.advanceTimersByTimeAsync(4_000);
  expect(state("push")).toEqual({ kind: "heard", items: heard.items });
  expect(api.stopListening).toHaveBeenCalledExactlyOnceWith("w", "l1");
});

it("goes on waiting when the network has a bad moment, and ends when the time is over", async () => {
  vi.spyOn(api, "listenOnce").mockResolvedValue(waiting);
  vi.spyOn(api, "getListening")
    .mockRejectedValueOnce(new ApiError("offline", 0, {}))
    .mockResolvedValue({ ...waiting, state: "timedOut" });
  await listen("w", "push");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(state("push")?.kind).toBe("waiting");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(state("push")).toEqual({ kind: "timedOut" });
});

it("is over where it was ended elsewhere", async () => {
  vi.spyOn(api, "listenOnce").mockResolvedValue(waiting);
  vi.spyOn(api, "getListening").mockRejectedValue(new ApiError("problem", 404, {}));
  await listen("w", "push");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(state("push")).toEqual({ kind: "timedOut" });
});

it("stops when it is told to, and asks no more", async () => {
  vi.spyOn(api, "listenOnce").mockResolvedValue(waiting);
  const asked = vi.spyOn(api, "getListening").mockResolvedValue(waiting);
  await listen("w", "push");
  await stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(state("push")).toEqual({ kind: "stopped" });
  expect(asked).not.toHaveBeenCalled();
  expect(api.stopListening).toHaveBeenCalledExactlyOnceWith("w", "l1");
});

it("stops the first where a second node listens", async () => {
  vi.spyOn(api, "listenOnce")
    .mockResolvedValueOnce(waiting)
    .mockResolvedValue({ ...waiting, id: "l2" });
  await listen("w", "push");
  await listen("w", "other");
  expect([state("push")?.kind, state("other")?.kind]).toEqual(["stopped", "waiting"]);
  expect(api.stopListening).toHaveBeenCalledExactlyOnceWith("w", "l1");
});

it("leaves nothing at the provider where the editor is left before the answer", async () => {
  let answer = (_: Listen) => {};
  vi.spyOn(api, "listenOnce").mockReturnValue(new Promise((resolve) => (answer = resolve)));
  const begun = listen("w", "push");
  await vi.advanceTimersByTimeAsync(0);
  leave();
  answer(waiting);
  await begun;
  expect(state("push")).toBeUndefined();
  expect(api.stopListening).toHaveBeenCalledExactlyOnceWith("w", "l1");
});

it("says what a provider refuses, also at the field", async () => {
  const finding = { code: "trigger_refused", severity: "error", message: "No.", nodeId: "push", field: "params.owner" };
  const body = { detail: "'Push': No.", diagnostics: [finding] };
  vi.spyOn(api, "listenOnce").mockRejectedValue(new ApiError("problem", 422, body));
  await listen("w", "push");
  expect(state("push")).toMatchObject({ kind: "failed", detail: "'Push': No." });
  expect(useEditor.getState().diagnostics).toEqual([finding]);
});

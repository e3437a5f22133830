import { describe, expect, it } from "vitest";
import type { ExecutionEvent } from "../api/types";
import { attemptsOf, severalOf } from "./attempts";

const told = (seq: number, type: string, more: Partial<ExecutionEvent> = {}): ExecutionEvent => ({
  seq,
  id: `e${seq}`,
  type,
  at: `2026-11-23T12:00:0${seq}Z`,
  ...more,
});
const busy = { type: "Busy", message: "later" } as NonNullable<ExecutionEvent["error"]>;

describe("attempts", () => {
  const attempts = attemptsOf([
    told(1, "execution.started"),
    told(2, "node.started", { nodeId: "a", attempt: 1 }),
    told(3, "node.retrying", { nodeId: "a", attempt: 1, error: busy }),
    told(4, "node.log", { nodeId: "a", attempt: 1 }),
    told(5, "node.started", { nodeId: "a", attempt: 2 }),
    told(6, "node.started", { nodeId: "b", attempt: 1, iteration: "0" }),
    told(7, "node.succeeded", { nodeId: "b", attempt: 1, iteration: "0" }),
    told(8, "node.started", { nodeId: "b", attempt: 1, iteration: "1" }),
  ]);

  it("begin, end, and keep why each failed", () => {
    expect(attempts.map(({ nodeId, number, endedAt, error }) => [nodeId, number, endedAt, error])).toEqual([
      ["a", 1, "2026-11-23T12:00:03Z", busy],
      ["a", 2, null, null],
      ["b", 1, "2026-11-23T12:00:07Z", null],
      ["b", 1, null, null],
    ]);
  });

  it("are shown where a node had several in a round", () => {
    expect(severalOf(attempts, "a", "").map(({ number }) => number)).toEqual([1, 2]);
    expect(severalOf(attempts, "b", "1")).toEqual([]);
  });
});

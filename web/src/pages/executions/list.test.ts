import { describe, expect, it } from "vitest";
import type { Execution } from "../../api/types";
import { added, fits, inserted, updated } from "./list";

function execution(id: string, second: number, more: Partial<Execution> = {}): Execution {
  return {
    id,
    workflowId: "w1",
    workflowName: "Orders",
    workflowVersion: 1,
    versionName: "",
    mode: "live",
    trigger: "webhook",
    status: "succeeded",
    environment: "production",
    startedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
    endedAt: null,
    durationMs: null,
    error: null,
    ...more,
  };
}

const news = (...executions: Execution[]) => new Map(executions.map((one) => [one.id, one]));
const ids = (pages: readonly { items: Execution[] }[]) => pages.map(({ items }) => items.map(({ id }) => id).join(""));
const pages = [
  { items: [execution("f", 60), execution("e", 50)], nextCursor: "c1" },
  { items: [execution("d", 40), execution("c", 30)], nextCursor: "c2" },
];

describe("what a filter asks for", () => {
  const failed = execution("a", 1, {
    status: "failed",
    error: { type: "HttpError", message: "No Order 7" },
    cost: { tokens: 9, money: { USD: "0.010" } },
  });

  it.each([
    [{}, true],
    [{ workflowId: "w1", trigger: "webhook", status: "failed,timed_out" }, true],
    [{ workflowId: "w2" }, false],
    [{ trigger: "manual" }, false],
    [{ status: "succeeded,running" }, false],
    [{ from: "2026-01-01T00:00:01.000Z" }, true],
    [{ from: "2026-01-01T00:00:01.001Z" }, false],
    [{ error: "httperror no ORDER" }, true],
    [{ error: "order 8" }, false],
    [{ minCost: "0.01" }, true],
    [{ minCost: "0.1" }, false],
  ])("%j", (filter, expected) => {
    expect(fits(failed, filter)).toBe(expected);
  });

  it("has no text where there is no error", () => {
    expect(fits(execution("a", 1), { error: "null" })).toBe(false);
  });
});

describe("news", () => {
  it("replace what the list has, and leave it the same where it has none of them", () => {
    const now = execution("d", 40, { status: "failed" });
    const next = updated(pages, news(now));
    expect(next[1]?.items[0]).toBe(now);
    expect(next[0]).toBe(pages[0]);
    expect(updated(pages, news(execution("z", 99)))).toBe(pages);
  });

  it("are added where the list has not got them, asks for them, and has loaded as far as them", () => {
    const all = [execution("g", 70), execution("f", 60), execution("b", 20), execution("x", 35, { workflowId: "w2" })];
    expect(added(pages, all, { workflowId: "w1" }).map(({ id }) => id)).toEqual(["g"]);
    const whole = [pages[0], { ...pages[1], nextCursor: null }] as typeof pages;
    expect(added(whole, all, {}).map(({ id }) => id)).toEqual(["g", "b", "x"]);
    expect(added([{ items: [], nextCursor: null }], all, {})).toHaveLength(4);
  });

  it("are put where they belong", () => {
    const next = inserted(pages, [execution("b", 20), execution("g", 70), execution("x", 45), execution("w", 40)]);
    expect(ids(next)).toEqual(["gfe", "xwdcb"]);
    expect(ids(pages)).toEqual(["fe", "dc"]);
    expect(ids(inserted([{ items: [], nextCursor: null }], [execution("a", 1), execution("b", 2)]))).toEqual(["ba"]);
  });
});

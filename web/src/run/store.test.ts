// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../api/problem";
import type { ExecutionDetail, ExecutionEvent } from "../api/types";
import type { ChannelListener } from "../live/channel";
import type { LiveConnection } from "../live/connection";
import { branching } from "../testing/catalogue";
import { type Watched, watchExecution, watchFreshRun } from "./store";

const api = vi.hoisted(() => ({ getExecution: vi.fn(), listLogs: vi.fn(), LOGS_PAGE: 2 }));
vi.mock("../api/endpoints", () => api);
const { listStops } = vi.hoisted(() => ({ listStops: vi.fn() }));
vi.mock("../api/debugging", () => ({ listStops }));

const ID = "x";
const at = "2026-11-23T00:00:00.000Z";
const event = (seq: number, type: string, more: Partial<ExecutionEvent> = {}): ExecutionEvent => ({
  seq,
  id: `e${seq}`,
  type,
  at,
  ...more,
});

function detail(more: Partial<ExecutionDetail>): ExecutionDetail {
  return {
    id: ID,
    workflowId: "w",
    workflowName: "W",
    workflowVersion: 1,
    versionName: "",
    mode: "live",
    trigger: "manual",
    status: "running",
    environment: "production",
    startedAt: at,
    endedAt: null,
    durationMs: null,
    error: null,
    lastSeq: 2,
    parent: null,
    calls: [],
    debug: false,
    nodeRuns: [],
    document: branching(),
    ...more,
  };
}

let subscribed: { channel: string; after: number | null; listener: ChannelListener } | null;
let left: number;
let live: LiveConnection;
let watched: Watched | null;

beforeEach(() => {
  vi.useFakeTimers();
  subscribed = null;
  left = 0;
  live = {
    status: "open",
    subscribe(channel: string, after: number | null, listener: ChannelListener) {
      subscribed = { channel, after, listener };
      return () => {
        left += 1;
      };
    },
  } as unknown as LiveConnection;
  api.listLogs.mockResolvedValue([]);
});

afterEach(() => {
  watched?.stop();
  vi.useRealTimers();
  vi.clearAllMocks();
});

const run = () => watched?.store.getState().run;
const settle = () => vi.advanceTimersByTimeAsync(500);

describe("watching an execution", () => {
  it("goes on live from what the API had, and reads the whole when it ends", async () => {
    api.getExecution.mockResolvedValue(detail({}));
    watched = watchExecution(ID, live);
    await settle();
    expect(subscribed).toMatchObject({ channel: `execution:${ID}`, after: 2 });
    subscribed?.listener.events?.([event(3, "node.started", { nodeId: "start" })]);
    await settle();
    expect(run()?.nodes.start?.status).toBe("running");
    api.getExecution.mockResolvedValue(detail({ status: "succeeded", lastSeq: 5, durationMs: 77 }));
    subscribed?.listener.events?.([event(4, "node.succeeded", { nodeId: "start" }), event(5, "execution.succeeded")]);
    await settle();
    expect(run()).toMatchObject({ status: "succeeded", durationMs: 77 });
    expect(left).toBe(1);
  });

  it("finds what waits in a debug run whose stops were told before", async () => {
    const stop = { id: "s", nodeId: "yes", iteration: "", reason: "node", expiresAt: at };
    listStops.mockResolvedValue({ stops: [stop] });
    api.getExecution.mockResolvedValue(detail({ debug: true }));
    watched = watchExecution(ID, live);
    await settle();
    expect(run()?.stops).toMatchObject({ s: { nodeId: "yes", reason: "node" } });
    api.getExecution.mockResolvedValue(detail({ debug: true, status: "cancelled", lastSeq: 3 }));
    subscribed?.listener.events?.([event(3, "execution.cancelled")]);
    await settle();
    expect([run()?.stops, listStops.mock.calls.length]).toEqual([{}, 1]);
  });

  it("that has ended listens to nothing", async () => {
    api.getExecution.mockResolvedValue(detail({ status: "failed" }));
    watched = watchExecution(ID, live);
    await settle();
    expect([run()?.status, subscribed]).toEqual(["failed", null]);
  });

  it("waits for one that is not written yet, and says so when it never is", async () => {
    api.getExecution.mockRejectedValueOnce(new ApiError("problem", 404, {})).mockResolvedValue(detail({}));
    watched = watchExecution(ID, live);
    await vi.advanceTimersByTimeAsync(1000);
    expect(watched.store.getState().detail?.id).toBe(ID);
    watched.stop();
    api.getExecution.mockReset().mockRejectedValue(new ApiError("problem", 404, {}));
    watched = watchExecution(ID, live);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(watched.store.getState().error).toMatchObject({ status: 404 });
  });

  it("hears of a node that was skipped at its stop, though the end is told first", async () => {
    watched = watchFreshRun(ID, live);
    const stop = { id: "s" };
    subscribed?.listener.events?.([
      event(1, "execution.started"),
      event(2, "node.stopped", { nodeId: "yes", stop }),
      event(3, "execution.succeeded"),
    ]);
    await settle();
    expect(left).toBe(0);
    subscribed?.listener.events?.([
      event(4, "node.released", { nodeId: "yes", stop: { ...stop, action: "skip" } }),
      event(5, "node.succeeded", { nodeId: "yes", source: { kind: "skipped" } }),
    ]);
    await settle();
    expect(run()?.nodes.yes).toMatchObject({ status: "succeeded", source: { kind: "skipped" } });
    expect([run()?.status, left]).toEqual(["succeeded", 1]);
  });

  it("asks the API while the live connection is down", async () => {
    api.getExecution.mockResolvedValue(detail({}));
    watched = watchExecution(ID, live);
    await settle();
    Object.assign(live, { status: "waiting" });
    api.getExecution.mockResolvedValue(detail({ status: "succeeded", lastSeq: 9 }));
    await vi.advanceTimersByTimeAsync(6000);
    expect(run()?.status).toBe("succeeded");
  });

  it("never goes back to what is older than its events", async () => {
    api.getExecution.mockResolvedValue(detail({}));
    watched = watchExecution(ID, live);
    await settle();
    subscribed?.listener.events?.([event(3, "node.started", { nodeId: "start" })]);
    await settle();
    Object.assign(live, { status: "waiting" });
    await vi.advanceTimersByTimeAsync(6000);
    expect(run()?.nodes.start?.status).toBe("running");
  });
});

describe("log lines", () => {
  const line = (seq: number) => ({ seq, nodeId: null, at, level: "info", message: `line ${seq}` });
  const seqs = () => run()?.logs.lines.map(({ seq }) => seq);

  it("are read page by page, behind those read before, and meet those that come live", async () => {
    api.getExecution.mockResolvedValue(detail({ lastSeq: 4 }));
    const pages: Record<number, unknown[]> = { 0: [line(2), line(3)], 3: [line(4), line(6)], 6: [] };
    api.listLogs.mockImplementation((_: string, after: number) => Promise.resolve(pages[after]));
    watched = watchExecution(ID, live);
    await settle();
    expect(seqs()).toEqual([2, 3, 4, 6]);
    subscribed?.listener.events?.([
      event(5, "node.started", { nodeId: "start" }),
      event(6, "node.log", { message: "line 6" }),
      event(7, "node.log", { message: "line 7" }),
    ]);
    await settle();
    expect(seqs()).toEqual([2, 3, 4, 6, 7]);
  });

  it("that cannot be read leave the run itself in view, and say why", async () => {
    api.getExecution.mockResolvedValue(detail({}));
    api.listLogs.mockRejectedValue(new ApiError("problem", 500, { title: "Broken" }));
    watched = watchExecution(ID, live);
    await settle();
    expect(watched.store.getState()).toMatchObject({ error: null, detail: { id: ID }, logsError: { status: 500 } });
  });
});

it("a run that nobody knows says so", async () => {
  watched = watchFreshRun(ID, live);
  await settle();
  subscribed?.listener.refused?.();
  expect(watched.store.getState().error).toMatchObject({ status: 404 });
});

it("a run that was just started is followed from its first event, without asking the API", async () => {
  watched = watchFreshRun(ID, live);
  await settle();
  expect(subscribed?.after).toBe(0);
  subscribed?.listener.events?.([event(1, "execution.started"), event(2, "execution.succeeded")]);
  await settle();
  expect(run()?.status).toBe("succeeded");
  expect(api.getExecution).not.toHaveBeenCalled();
});

it("a node whose end is told after the execution's is listened for, and asked for where it is not told", async () => {
  watched = watchFreshRun(ID, live);
  await settle();
  const begun = [event(1, "node.started", { nodeId: "a" }), event(2, "node.waiting", { nodeId: "a" })];
  subscribed?.listener.events?.([...begun, event(3, "execution.succeeded")]);
  await settle();
  expect([run()?.status, run()?.nodes.a?.status, left]).toEqual(["succeeded", "waiting", 0]);
  subscribed?.listener.events?.([event(4, "node.succeeded", { nodeId: "a" })]);
  await settle();
  expect([run()?.nodes.a?.status, left, api.getExecution.mock.calls.length]).toEqual(["succeeded", 1, 0]);
  watched.stop();

  watched = watchFreshRun(ID, live);
  await settle();
  subscribed?.listener.events?.([...begun, event(3, "execution.succeeded")]);
  api.getExecution.mockResolvedValue(detail({ status: "succeeded", lastSeq: 4 }));
  await vi.advanceTimersByTimeAsync(4000);
  expect([api.getExecution.mock.calls.length, run()?.lastSeq]).toEqual([1, 4]);
});

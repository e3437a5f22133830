import { describe, expect, it } from "vitest";
import type { ExecutionEvent } from "../api/types";
import { branching } from "../testing/catalogue";
import { NO_LOGS } from "./logs";
import { edgeState, emptyRun, fromHistory, nodeStates, withEvents } from "./state";

const at = (ms: number) => new Date(Date.UTC(2026, 10, 23) + ms).toISOString();
let seq = 0;
const told = (type: string, more: Partial<ExecutionEvent> = {}): ExecutionEvent => {
  seq += 1;
  return { seq, id: `e${seq}`, type, at: at(seq * 10), ...more };
};

function story(): ExecutionEvent[] {
  seq = 0;
  return [
    told("execution.started"),
    told("node.started", { nodeId: "start", attempt: 1 }),
    told("node.succeeded", { nodeId: "start", attempt: 1, durationMs: 1, output: { main: { count: 3 } } }),
    told("node.started", { nodeId: "check", attempt: 1 }),
    told("node.retrying", { nodeId: "check", attempt: 1, error: { type: "Busy", message: "later" } }),
    told("node.started", { nodeId: "check", attempt: 2 }),
    told("node.log", { nodeId: "check", level: "warning", message: "odd" }),
    told("node.progress", { nodeId: "check", attempt: 2, done: 1, total: 3 }),
    told("node.succeeded", {
      nodeId: "check",
      attempt: 2,
      durationMs: 12,
      input: { main: [{ count: 2 }, { count: 1 }] },
      output: { true: { count: 3 } },
    }),
    told("node.failed", { nodeId: "yes", attempt: 1, durationMs: 2, error: { type: "Broken", message: "no" } }),
    told("execution.failed", { error: { type: "Broken", message: "no" } }),
  ];
}

describe("a run", () => {
  it("is told by its events", () => {
    const run = withEvents(emptyRun("x"), story());
    expect(run).toMatchObject({ status: "failed", lastSeq: 11, durationMs: 100, error: { type: "Broken" } });
    expect(run.nodes.check).toMatchObject({
      status: "succeeded",
      attempt: 2,
      received: { main: 3 },
      sent: { true: 3 },
      progress: null,
      error: null,
    });
    expect(run.logs.lines.map(({ message, level }) => [level, message])).toEqual([["warning", "odd"]]);
  });

  it("is the same however its events are cut up or repeated", () => {
    const events = story();
    const whole = withEvents(emptyRun("x"), events);
    let pieces = emptyRun("x");
    for (let index = 0; index < events.length; index += 1) {
      pieces = withEvents(pieces, events.slice(Math.max(0, index - 3), index + 1));
    }
    expect(pieces).toEqual(whole);
  });

  it("shows attempts while they happen", () => {
    const run = withEvents(emptyRun("x"), story().slice(0, 5));
    expect(run.nodes.check).toMatchObject({ status: "retrying", attempt: 1, error: { type: "Busy" } });
  });

  it("shows what a node waits for, until somebody answers", () => {
    const waiting = { kind: "approval" as const, expiresAt: at(9000), title: "Ship?" };
    const events = [
      told("node.started", { nodeId: "check", attempt: 2 }),
      told("node.waiting", { nodeId: "check", attempt: 2, waiting, input: { main: [{ count: 2 }] } }),
      told("node.succeeded", { nodeId: "check", attempt: 1, durationMs: 5000, output: { approved: { count: 2 } } }),
    ].map((event, index) => ({ ...event, seq: index + 1 }));
    const midway = withEvents(emptyRun("x"), events.slice(0, 2));
    expect(midway.nodes.check).toMatchObject({ status: "waiting", waiting, endedAt: null, received: { main: 2 } });
    const end = withEvents(midway, events.slice(2));
    expect(end.nodes.check).toMatchObject({
      status: "succeeded",
      attempt: 2,
      waiting: null,
      received: { main: 2 },
      sent: { approved: 2 },
    });
  });

  it("counts the runs of a node in a loop and shows the one begun last", () => {
    const of = (type: string, iteration: string) => told(type, { nodeId: "check", attempt: 1, iteration });
    const events = [
      of("node.started", "0"),
      of("node.started", "1"),
      of("node.failed", "0"),
      of("node.succeeded", "1"),
      of("node.started", "2"),
    ].map((event, index) => ({ ...event, seq: index + 1 }));
    const run = withEvents(emptyRun("x"), events);
    expect(run.nodes.check).toMatchObject({
      iteration: "2",
      status: "running",
      runs: { total: 3, succeeded: 1, failed: 1 },
    });
  });

  it("goes on from what the API had", () => {
    const events = story();
    const history = fromHistory(
      {
        id: "x",
        workflowId: "w",
        workflowName: "W",
        workflowVersion: null,
        versionName: "",
        mode: "draft",
        trigger: "manual",
        status: "running",
        environment: "production",
        startedAt: at(10),
        endedAt: null,
        durationMs: null,
        error: null,
        lastSeq: 3,
        parent: null,
        calls: [],
        debug: false,
        nodeRuns: [
          {
            nodeId: "start",
            attempt: 1,
            status: "succeeded",
            startedAt: at(20),
            endedAt: at(30),
            durationMs: 1,
            input: null,
            output: { main: { count: 3 } },
            error: null,
            iteration: "",
            runs: null,
            waiting: null,
            source: null,
          },
        ],
        document: branching(),
      },
      NO_LOGS,
    );
    const run = withEvents(history, events);
    const whole = withEvents(emptyRun("x"), events);
    expect(run.nodes).toEqual({ ...whole.nodes, start: { ...whole.nodes.start, endedAt: at(30) } });
    expect(run.status).toBe("failed");
  });
});

describe("on the canvas", () => {
  it("a node with items before it is queued, and one that was never reached is skipped in the end", () => {
    const midway = nodeStates(branching(), withEvents(emptyRun("x"), story().slice(0, 3)));
    expect(Object.fromEntries(midway)).toEqual({
      start: "succeeded",
      check: "queued",
      yes: "unreached",
      no: "unreached",
    });
    const end = nodeStates(branching(), withEvents(emptyRun("x"), story()));
    expect(Object.fromEntries(end)).toEqual({ start: "succeeded", check: "succeeded", yes: "failed", no: "skipped" });
  });

  it("edges show how many items went along, or that none did", () => {
    const run = withEvents(emptyRun("x"), story());
    const [first, yes, no] = branching().edges.map((edge) => edgeState(edge, run));
    expect(first).toEqual({ kind: "delivered", count: 3 });
    expect(yes).toEqual({ kind: "delivered", count: 3 });
    expect(no).toEqual({ kind: "dead" });
    expect(
      edgeState({ id: "e", source: "check", sourcePort: "true", target: "yes", targetPort: "main" }, emptyRun("x")),
    ).toEqual({ kind: "idle" });
  });
});

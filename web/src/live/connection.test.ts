import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ExecutionEvent } from "../api/types";
import { LiveConnection, type LiveSocket } from "./connection";

class FakeSocket implements LiveSocket {
  readyState = 0;
  sent: Record<string, unknown>[] = [];
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  readonly url: string;
  constructor(url: string) {
    this.url = url;
  }
  send(text: string) {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close() {
    this.readyState = 3;
  }
  opens() {
    this.readyState = 1;
    this.onopen?.();
  }
  breaks() {
    this.readyState = 3;
    this.onclose?.();
  }
  says(message: unknown) {
    this.onmessage?.({ data: typeof message === "string" ? message : JSON.stringify(message) });
  }
  asks() {
    return this.sent.filter(({ action }) => action === "subscribe");
  }
}

const CHANNEL = "execution:1";
const event = (seq: number): ExecutionEvent => ({
  seq,
  id: `e${seq}`,
  type: "node.log",
  at: "2026-11-23T00:00:00.000Z",
});
const events = (...seqs: number[]) => ({ type: "events", channel: CHANNEL, executionId: "1", events: seqs.map(event) });

let sockets: FakeSocket[];
let tickets: number;
let fail: boolean;
let live: LiveConnection;

const last = () => {
  const socket = sockets.at(-1);
  if (!socket) throw new Error("no socket was opened");
  return socket;
};

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  tickets = 0;
  fail = false;
  live = new LiveConnection({
    address() {
      tickets += 1;
      return fail ? Promise.reject(new Error("no API")) : Promise.resolve(`ws://test/live?ticket=${tickets}`);
    },
    socket(url) {
      const socket = new FakeSocket(url);
      sockets.push(socket);
      return socket;
    },
    random: () => 1,
  });
});

afterEach(() => {
  live.close();
  vi.useRealTimers();
});

async function listening(after = 0): Promise<number[]> {
  const heard: number[] = [];
  live.subscribe(CHANNEL, after, { events: (list) => heard.push(...list.map(({ seq }) => seq)) });
  await vi.advanceTimersByTimeAsync(0);
  last().opens();
  last().says({ type: "subscribed", channel: CHANNEL, lastSeq: 0 });
  return heard;
}

describe("events", () => {
  it("reach the listener once and in order, whatever is repeated", async () => {
    const heard = await listening();
    last().says(events(1, 2));
    last().says(events(2, 1, 3));
    last().says(events(3));
    expect(heard).toEqual([1, 2, 3]);
  });

  it("ahead of a gap wait until the gap is filled", async () => {
    const heard = await listening();
    last().says(events(1));
    last().says(events(4, 5));
    expect(heard).toEqual([1]);
    expect(last().asks().at(-1)).toEqual({ action: "subscribe", channel: CHANNEL, after: 1 });
    last().says(events(6));
    expect(last().asks()).toHaveLength(2);
    last().says({ type: "subscribed", channel: CHANNEL, lastSeq: 6 });
    last().says(events(2, 3, 4, 5, 6));
    expect(heard).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("of other channels and garbage are ignored", async () => {
    const heard = await listening();
    last().says("not json");
    last().says("17");
    last().says({ ...events(1), channel: "execution:2" });
    last().says({ type: "error", code: "forbidden", message: "no" });
    expect(heard).toEqual([]);
  });
});

describe("a broken connection", () => {
  it("comes back with a new ticket and resumes after the last event", async () => {
    const heard = await listening();
    last().says(events(1, 2));
    last().breaks();
    expect(live.status).toBe("waiting");
    await vi.advanceTimersByTimeAsync(700);
    expect(last().url).toContain("ticket=2");
    last().opens();
    expect(last().asks()).toEqual([{ action: "subscribe", channel: CHANNEL, after: 2 }]);
    last().says(events(1, 2, 3));
    expect(heard).toEqual([1, 2, 3]);
  });

  it("waits longer each time, up to a limit", async () => {
    await listening();
    fail = true;
    last().breaks();
    const times: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      const before = tickets;
      let waited = 0;
      while (tickets === before) {
        await vi.advanceTimersByTimeAsync(100);
        waited += 100;
      }
      times.push(waited);
    }
    expect(times.slice(0, 4)).toEqual([600, 1100, 2100, 4100]);
    expect(Math.max(...times)).toBeLessThanOrEqual(15_200);
  });

  it("is tried again at once when the tab is looked at", async () => {
    await listening();
    last().breaks();
    live.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets).toHaveLength(2);
  });

  it("is noticed by silence, though the socket says nothing", async () => {
    await listening();
    await vi.advanceTimersByTimeAsync(26_000);
    expect(last().sent.at(-1)).toEqual({ action: "ping" });
    await vi.advanceTimersByTimeAsync(12_000);
    expect(sockets.length).toBeGreaterThan(1);
  });

  it("stays while pongs come", async () => {
    await listening();
    for (let round = 0; round < 6; round += 1) {
      await vi.advanceTimersByTimeAsync(20_000);
      last().says({ type: "pong" });
    }
    expect(sockets).toHaveLength(1);
  });
});

describe("subscriptions", () => {
  it("are repeated until the server answers", async () => {
    live.subscribe(CHANNEL, 0, {});
    await vi.advanceTimersByTimeAsync(0);
    last().opens();
    await vi.advanceTimersByTimeAsync(2500);
    expect(last().asks().length).toBeGreaterThan(1);
    last().says({ type: "subscribed", channel: CHANNEL, lastSeq: 0 });
    const count = last().asks().length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(last().asks()).toHaveLength(count);
  });

  it("end with the last listener, and the connection with the last subscription", async () => {
    const stopFirst = live.subscribe("tenant:1", null, {});
    const stopSecond = live.subscribe("tenant:1", null, {});
    await vi.advanceTimersByTimeAsync(0);
    last().opens();
    stopFirst();
    expect(live.status).toBe("open");
    stopSecond();
    expect(last().sent.at(-1)).toEqual({ action: "unsubscribe", channel: "tenant:1" });
    expect(live.status).toBe("idle");
  });

  it("bring news of executions", async () => {
    const heard: string[] = [];
    live.subscribe("tenant:1", null, { execution: ({ id }) => heard.push(id) });
    await vi.advanceTimersByTimeAsync(0);
    last().opens();
    last().says({ type: "execution", channel: "tenant:1", execution: { id: "7" } });
    expect(heard).toEqual(["7"]);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ExecutionEvent } from "../api/types";
import type { ChannelListener } from "./channel";
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

const subscribed = (lastSeq: number, fresh = false, channel = CHANNEL) => ({
  type: "subscribed",
  channel,
  lastSeq,
  fresh,
});

function recording(): { heard: number[]; listener: ChannelListener } {
  const heard: number[] = [];
  return { heard, listener: { events: (list) => heard.push(...list.map(({ seq }) => seq)) } };
}

async function listening(after = 0): Promise<number[]> {
  const { heard, listener } = recording();
  live.subscribe(CHANNEL, after, listener);
  await vi.advanceTimersByTimeAsync(0);
  last().opens();
  last().says(subscribed(0, true));
  return heard;
}

/** Listens on a channel without numbers and counts what it is told. */
async function news() {
  const told = { executions: [] as string[], missed: 0 };
  live.subscribe("tenant:1", null, {
    execution: ({ id }) => told.executions.push(id),
    missed: () => {
      told.missed += 1;
    },
  });
  await vi.advanceTimersByTimeAsync(0);
  last().opens();
  last().says(subscribed(0, true, "tenant:1"));
  return told;
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
    last().says(events(2, 3));
    last().says(subscribed(3));
    expect(heard).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("that overtake the history are kept until it has come", async () => {
    const { heard, listener } = recording();
    live.subscribe(CHANNEL, 0, listener);
    await vi.advanceTimersByTimeAsync(0);
    last().opens();
    last().says(events(3));
    last().says(events(1, 2));
    last().says(subscribed(2, true));
    expect(heard).toEqual([1, 2, 3]);
    expect(last().asks()).toHaveLength(1);
  });

  it("that overtake in great numbers hold up nothing: those that were not kept come again", async () => {
    const heard = await listening();
    const all = Array.from({ length: 9000 }, (_, index) => index + 1);
    last().says(events(...all.slice(1000)));
    expect(last().asks().at(-1)).toEqual({ action: "subscribe", channel: CHANNEL, after: 0 });
    for (let from = 0; from < 9000; from += 100) last().says(events(...all.slice(from, from + 100)));
    last().says(subscribed(9000));
    expect(heard).toEqual(all);
  });

  it("that the server told and that did not come are asked for again", async () => {
    const heard = await listening();
    last().says(subscribed(2));
    await vi.advanceTimersByTimeAsync(2_100);
    expect(last().asks().length).toBeGreaterThan(1);
    last().says(events(1, 2));
    expect(heard).toEqual([1, 2]);
  });

  it("reach a second listener from its own place, and the first not again", async () => {
    const first = await listening();
    last().says(events(1, 2, 3));
    const second = recording();
    live.subscribe(CHANNEL, 1, second.listener);
    expect(last().asks().at(-1)).toEqual({ action: "subscribe", channel: CHANNEL, after: 1 });
    last().says(events(2, 3));
    last().says(events(4));
    expect(first).toEqual([1, 2, 3, 4]);
    expect(second.heard).toEqual([2, 3, 4]);
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
    await news();
    await vi.advanceTimersByTimeAsync(26_000);
    expect(last().asks()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(12_000);
    expect(sockets.length).toBeGreaterThan(1);
  });

  it("stays while answers come", async () => {
    await news();
    for (let round = 0; round < 6; round += 1) {
      await vi.advanceTimersByTimeAsync(26_000);
      last().says(subscribed(0, false, "tenant:1"));
    }
    expect(sockets).toHaveLength(1);
  });

  it("is not taken for dead when the timers of a hidden tab come late", async () => {
    await news();
    vi.setSystemTime(Date.now() + 60_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sockets).toHaveLength(1);
    expect(last().asks()).toHaveLength(2);
  });

  it("is asked for a sign of life when the tab is looked at", async () => {
    await news();
    live.wake();
    expect(last().asks()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(12_000);
    expect(sockets.length).toBeGreaterThan(1);
  });

  it("is given up where the ticket never comes", async () => {
    const never = new LiveConnection({
      address: () => {
        tickets += 1;
        return new Promise<string>(() => undefined);
      },
      socket: (url) => new FakeSocket(url),
      random: () => 1,
    });
    never.subscribe(CHANNEL, 0, {});
    await vi.advanceTimersByTimeAsync(15_100);
    expect(never.status).toBe("waiting");
    await vi.advanceTimersByTimeAsync(700);
    expect(tickets).toBe(2);
    never.close();
  });

  it("tells listeners without numbers that they may have missed something", async () => {
    const told = await news();
    last().says(subscribed(0, false, "tenant:1"));
    expect(told.missed).toBe(1);
    last().breaks();
    await vi.advanceTimersByTimeAsync(700);
    last().opens();
    last().says(subscribed(0, true, "tenant:1"));
    expect(told.missed).toBe(2);
  });
});

describe("subscriptions", () => {
  it("are repeated until the server answers", async () => {
    live.subscribe(CHANNEL, 0, {});
    await vi.advanceTimersByTimeAsync(0);
    last().opens();
    await vi.advanceTimersByTimeAsync(2500);
    expect(last().asks().length).toBeGreaterThan(1);
    last().says(subscribed(0, true));
    const count = last().asks().length;
    await vi.advanceTimersByTimeAsync(4_000);
    expect(last().asks()).toHaveLength(count);
  });

  it("are not repeated while a long history comes", async () => {
    live.subscribe(CHANNEL, 0, {});
    await vi.advanceTimersByTimeAsync(0);
    last().opens();
    for (let seq = 1; seq <= 8; seq += 1) {
      await vi.advanceTimersByTimeAsync(1_500);
      last().says(events(seq));
    }
    expect(last().asks()).toHaveLength(1);
  });

  it("are renewed, on a channel of events sooner where it is silent", async () => {
    await listening();
    for (const [wait, asks] of [
      [6_000, 2],
      [11_000, 3],
      [21_000, 4],
      [26_000, 5],
    ] as const) {
      await vi.advanceTimersByTimeAsync(wait);
      expect(last().asks()).toHaveLength(asks);
      last().says(subscribed(0));
    }
  });

  it("bring what was lost when they are renewed", async () => {
    const heard = await listening();
    last().says(events(1));
    await vi.advanceTimersByTimeAsync(6_000);
    expect(last().asks().at(-1)).toEqual({ action: "subscribe", channel: CHANNEL, after: 1 });
    last().says(events(2, 3));
    last().says(subscribed(3, true));
    expect(heard).toEqual([1, 2, 3]);
  });

  it("of what does not exist are given up after a while, and the listener is told", async () => {
    let refused = 0;
    live.subscribe(CHANNEL, 0, {
      refused: () => {
        refused += 1;
      },
    });
    await vi.advanceTimersByTimeAsync(0);
    last().opens();
    let answered = 0;
    for (let second = 0; second < 120; second += 1) {
      for (; answered < last().asks().length; answered += 1) {
        last().says({ type: "error", code: "not_found", message: "no", channel: CHANNEL });
      }
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect([answered, refused]).toEqual([6, 1]);
    expect(sockets).toHaveLength(1);
  });

  it("end with the last listener, and the connection a while after the last subscription", async () => {
    const stopFirst = live.subscribe("tenant:1", null, {});
    const stopSecond = live.subscribe("tenant:1", null, {});
    await vi.advanceTimersByTimeAsync(0);
    last().opens();
    stopFirst();
    expect(live.status).toBe("open");
    stopSecond();
    expect(last().sent.at(-1)).toEqual({ action: "unsubscribe", channel: "tenant:1" });
    expect(live.status).toBe("open");
    await vi.advanceTimersByTimeAsync(22_000);
    expect(live.status).toBe("idle");
  });

  it("bring news of executions", async () => {
    const told = await news();
    last().says({ type: "execution", channel: "tenant:1", execution: { id: "7" } });
    expect(told.executions).toEqual(["7"]);
  });
});

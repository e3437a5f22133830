/**
 * The one WebSocket of a tab: takes a ticket, keeps the connection alive, comes back after it broke, and resumes each
 * execution channel from the last sequence number it has. Every event reaches a listener once and in order.
 *
 * It knows no React and gets its clock, random numbers and socket from outside, so that tests can drive it.
 */

import type { Execution, ExecutionEvent } from "../api/types";

export type LiveStatus = "idle" | "connecting" | "open" | "waiting";

export interface LiveSocket {
  readyState: number;
  send(text: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onerror: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
}

export interface LiveEnvironment {
  /** Takes a ticket and returns the address to connect to. Rejects where that fails. */
  address(): Promise<string>;
  socket(url: string): LiveSocket;
  random(): number;
}

export interface ChannelListener {
  events?(events: ExecutionEvent[]): void;
  execution?(execution: Execution): void;
}

interface Channel {
  name: string;
  listeners: Set<ChannelListener>;
  /** The last event delivered; null on channels without numbers. */
  seq: number | null;
  acknowledged: boolean;
  askedAt: number;
}

type ServerMessage =
  | { type: "subscribed"; channel: string; lastSeq?: number }
  | { type: "events"; channel: string; executionId: string; events: ExecutionEvent[] }
  | { type: "execution"; channel: string; execution: Execution }
  | { type: "error"; code: string; message: string }
  | { type: "pong" };

const HEARTBEAT_MS = 25_000;
const ANSWER_MS = 10_000;
const TICK_MS = 1_000;
/** A subscription without an answer is repeated: the execution may not be recorded yet. */
const RESUBSCRIBE_MS = 2_000;
const BACKOFF_FIRST_MS = 500;
const BACKOFF_CAP_MS = 15_000;
const OPEN = 1;

export class LiveConnection {
  private readonly environment: LiveEnvironment;
  private readonly channels = new Map<string, Channel>();
  private readonly watchers = new Set<(status: LiveStatus) => void>();
  private socket: LiveSocket | null = null;
  private state: LiveStatus = "idle";
  private failures = 0;
  private retryTimer: ReturnType<typeof setTimeout> | null = null;
  private tickTimer: ReturnType<typeof setInterval> | null = null;
  private lastHeard = 0;
  private lastPing = 0;
  private generation = 0;

  constructor(environment: LiveEnvironment) {
    this.environment = environment;
  }

  get status(): LiveStatus {
    return this.state;
  }

  watch(watcher: (status: LiveStatus) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /**
   * Listens on a channel. `after` is the last event the listener has (execution channels only). A second listener on
   * the same channel starts over from its own `after`; those who have the events drop them by number.
   */
  subscribe(name: string, after: number | null, listener: ChannelListener): () => void {
    const known = this.channels.get(name);
    const channel = known ?? { name, listeners: new Set(), seq: after, acknowledged: false, askedAt: 0 };
    if (known && after !== null) known.seq = Math.min(known.seq ?? after, after);
    channel.listeners.add(listener);
    this.channels.set(name, channel);
    if (this.socket?.readyState === OPEN) this.ask(channel);
    else this.connect();
    return () => this.leave(channel, listener);
  }

  /** Connects at once where it waits for its turn: the network is back, or the tab is looked at again. */
  wake(): void {
    if (this.state !== "waiting") return;
    this.failures = 0;
    this.connect();
  }

  close(): void {
    this.channels.clear();
    this.drop("idle");
  }

  private leave(channel: Channel, listener: ChannelListener): void {
    channel.listeners.delete(listener);
    if (channel.listeners.size > 0 || this.channels.get(channel.name) !== channel) return;
    this.channels.delete(channel.name);
    if (this.socket?.readyState === OPEN) this.send({ action: "unsubscribe", channel: channel.name });
    if (this.channels.size === 0) this.drop("idle");
  }

  private connect(): void {
    if (this.state === "connecting" || this.state === "open") return;
    if (this.retryTimer) clearTimeout(this.retryTimer);
    this.retryTimer = null;
    this.become("connecting");
    this.generation += 1;
    const generation = this.generation;
    this.environment.address().then(
      (url) => {
        if (generation === this.generation && this.state === "connecting") this.open(url);
      },
      () => {
        if (generation === this.generation && this.state === "connecting") this.retryLater();
      },
    );
  }

  private open(url: string): void {
    const socket = this.environment.socket(url);
    this.socket = socket;
    this.lastHeard = Date.now();
    this.lastPing = Date.now();
    socket.onopen = () => {
      if (this.socket !== socket) return;
      this.failures = 0;
      this.lastHeard = Date.now();
      this.become("open");
      for (const channel of this.channels.values()) this.ask(channel);
    };
    socket.onmessage = ({ data }) => {
      if (this.socket !== socket) return;
      this.lastHeard = Date.now();
      const message = parsed(data);
      if (message) this.receive(message);
    };
    socket.onclose = () => {
      if (this.socket === socket) this.retryLater();
    };
    socket.onerror = () => {
      if (this.socket === socket && this.state === "connecting") this.retryLater();
    };
    this.tickTimer ??= setInterval(() => this.tick(), TICK_MS);
  }

  private retryLater(): void {
    this.drop("waiting");
    if (this.channels.size === 0) {
      this.become("idle");
      return;
    }
    const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_FIRST_MS * 2 ** this.failures);
    this.failures += 1;
    // Full jitter, but never at once: a server that refuses everybody is not to be hammered.
    const wait = 100 + this.environment.random() * ceiling;
    this.retryTimer = setTimeout(() => this.connect(), wait);
  }

  private drop(state: LiveStatus): void {
    const socket = this.socket;
    this.socket = null;
    this.generation += 1;
    if (this.tickTimer) clearInterval(this.tickTimer);
    this.tickTimer = null;
    if (this.retryTimer) clearTimeout(this.retryTimer);
    this.retryTimer = null;
    socket?.close(1000);
    this.become(state);
  }

  private become(state: LiveStatus): void {
    if (state === this.state) return;
    this.state = state;
    for (const watcher of this.watchers) watcher(state);
  }

  private tick(): void {
    const now = Date.now();
    if (now - this.lastHeard > HEARTBEAT_MS + ANSWER_MS) {
      this.retryLater();
      return;
    }
    if (this.state !== "open") return;
    if (now - this.lastPing >= HEARTBEAT_MS) {
      this.lastPing = now;
      this.send({ action: "ping" });
    }
    for (const channel of this.channels.values()) {
      if (!channel.acknowledged && now - channel.askedAt >= RESUBSCRIBE_MS) this.ask(channel);
    }
  }

  private ask(channel: Channel): void {
    channel.acknowledged = false;
    channel.askedAt = Date.now();
    const after = channel.seq === null ? {} : { after: channel.seq };
    this.send({ action: "subscribe", channel: channel.name, ...after });
  }

  private send(message: Record<string, unknown>): void {
    if (this.socket?.readyState === OPEN) this.socket.send(JSON.stringify(message));
  }

  private receive(message: ServerMessage): void {
    if (message.type === "pong" || message.type === "error") return;
    const channel = this.channels.get(message.channel);
    if (!channel) return;
    if (message.type === "subscribed") channel.acknowledged = true;
    else if (message.type === "execution")
      for (const listener of channel.listeners) listener.execution?.(message.execution);
    else if (message.type === "events") this.deliver(channel, message.events);
  }

  private deliver(channel: Channel, events: ExecutionEvent[]): void {
    const fresh: ExecutionEvent[] = [];
    let last = channel.seq ?? 0;
    let gap = false;
    for (const event of [...events].sort((a, b) => a.seq - b.seq)) {
      if (event.seq <= last) continue;
      if (event.seq > last + 1) {
        gap = true;
        break;
      }
      fresh.push(event);
      last = event.seq;
    }
    channel.seq = last;
    if (fresh.length > 0) for (const listener of channel.listeners) listener.events?.(fresh);
    // One request per gap: until it is answered, everything that is ahead of it is dropped and will come again.
    if (gap && (channel.acknowledged || Date.now() - channel.askedAt >= RESUBSCRIBE_MS)) this.ask(channel);
  }
}

function parsed(data: unknown): ServerMessage | null {
  if (typeof data !== "string") return null;
  try {
    const message: unknown = JSON.parse(data);
    const type = typeof message === "object" && message !== null ? (message as { type?: unknown }).type : undefined;
    return typeof type === "string" ? (message as ServerMessage) : null;
  } catch {
    return null;
  }
}

/**
 * The one WebSocket of a tab: takes a ticket, keeps the connection alive, comes back after it broke, and resumes each
 * execution channel from the last sequence number it has. Every event reaches a listener once and in order (`channel.ts`).
 *
 * It knows no React and gets its clock, random numbers and socket from outside, so that tests can drive it.
 */

import type { Execution, ExecutionEvent } from "../api/types";
import { Channel, type ChannelListener } from "./channel";

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

type ServerMessage =
  | { type: "subscribed"; channel: string; lastSeq?: number; fresh?: boolean }
  | { type: "events"; channel: string; executionId: string; events: ExecutionEvent[] }
  | { type: "execution"; channel: string; execution: Execution }
  | { type: "error"; code: string; message: string; channel?: string }
  | { type: "pong" };

/** A server that says nothing for so long after it was asked is gone. */
const ANSWER_MS = 10_000;
/** Taking a ticket and connecting may take so long. */
const CONNECT_MS = 15_000;
/** Without a subscription the connection is kept for the next page. */
const LINGER_MS = 20_000;
const TICK_MS = 1_000;
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
  private connectTimer: ReturnType<typeof setTimeout> | null = null;
  /** When the first request was sent that nothing was heard after; null when the server owes no answer. */
  private owedSince: number | null = null;
  private emptySince: number | null = null;
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

  /** Listens on a channel. `after` is the last event the listener has, on execution channels; null on the others. */
  subscribe(name: string, after: number | null, listener: ChannelListener): () => void {
    const channel = this.channels.get(name) ?? new Channel(name, after);
    channel.add(listener, after);
    this.channels.set(name, channel);
    this.emptySince = null;
    if (this.socket?.readyState === OPEN) this.ask(channel);
    else this.connect();
    return () => this.leave(channel, listener);
  }

  /** The network is back, or the tab is looked at again: connects at once, or asks whether the connection still lives. */
  wake(): void {
    if (this.state === "open") for (const channel of this.channels.values()) this.ask(channel);
    if (this.state !== "waiting") return;
    this.failures = 0;
    this.connect();
  }

  close(): void {
    this.channels.clear();
    this.drop("idle");
  }

  private leave(channel: Channel, listener: ChannelListener): void {
    channel.remove(listener);
    if (!channel.empty || this.channels.get(channel.name) !== channel) return;
    this.channels.delete(channel.name);
    this.send({ action: "unsubscribe", channel: channel.name });
    if (this.channels.size > 0) return;
    if (this.state === "open") this.emptySince = Date.now();
    else this.drop("idle");
  }

  private connect(): void {
    if (this.state === "connecting" || this.state === "open") return;
    if (this.retryTimer) clearTimeout(this.retryTimer);
    this.retryTimer = null;
    this.become("connecting");
    this.generation += 1;
    const generation = this.generation;
    this.connectTimer = setTimeout(() => this.retryLater(), CONNECT_MS);
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
    socket.onopen = () => {
      if (this.socket !== socket) return;
      this.failures = 0;
      if (this.connectTimer) clearTimeout(this.connectTimer);
      this.connectTimer = null;
      this.become("open");
      for (const channel of this.channels.values()) {
        channel.begin();
        this.ask(channel);
      }
    };
    socket.onmessage = ({ data }) => {
      if (this.socket !== socket) return;
      this.owedSince = null;
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
    if (this.connectTimer) clearTimeout(this.connectTimer);
    this.connectTimer = null;
    this.owedSince = null;
    this.emptySince = null;
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
    if (this.state !== "open") return;
    // Timers of a hidden tab come late, messages do not: only a request that was sent and not answered tells something.
    if (this.owedSince !== null && now - this.owedSince > ANSWER_MS) this.retryLater();
    else if (this.emptySince !== null && now - this.emptySince > LINGER_MS) this.drop("idle");
    else for (const channel of this.channels.values()) if (channel.due(now)) this.ask(channel);
  }

  private ask(channel: Channel): void {
    const now = Date.now();
    this.send(channel.request(now));
    this.owedSince ??= now;
  }

  private send(message: Record<string, unknown>): void {
    if (this.socket?.readyState === OPEN) this.socket.send(JSON.stringify(message));
  }

  private receive(message: ServerMessage): void {
    const channel = "channel" in message && message.channel ? this.channels.get(message.channel) : undefined;
    if (!channel) return;
    switch (message.type) {
      case "subscribed":
        channel.subscribed(message.lastSeq ?? 0, message.fresh ?? false);
        break;
      case "execution":
        channel.execution(message.execution);
        break;
      case "events":
        if (channel.events(message.events, Date.now())) this.ask(channel);
        break;
      case "error":
        if (message.code === "not_found") channel.refused();
    }
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

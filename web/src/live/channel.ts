/** One channel of the live connection: who listens, how far each has heard, and when to ask the server again. */

import type { Execution, ExecutionEvent } from "../api/types";

export interface ChannelListener {
  /** Events behind the last one that this listener has, each once and in order. */
  events?(events: ExecutionEvent[]): void;
  /** An execution started or ended. */
  execution?(execution: Execution): void;
  /** The server listens for this tab from now on: what happened before may not have been told. */
  missed?(): void;
  /** The server refused for good: there is no such channel for this user. */
  refused?(): void;
}

/** The server forgets a subscription that nobody renews (contracts, "WebSocket"). */
export const RENEW_MS = 25_000;
/** A subscription without an answer is repeated, each time later: the execution may not be recorded yet. */
const REPEAT_FIRST_MS = 2_000;
const REPEAT_CAP_MS = 15_000;
/** On a channel of events silence may also mean that the last ones were lost: it is asked after these times. */
const QUIET_FIRST_MS = 5_000;
/** So often a channel may be unknown before its listeners are told: more than half a minute. */
const MOST_REFUSALS = 6;
/** So many events wait behind a gap; more come again with those that are missing. */
const MOST_AHEAD = 2_000;

export class Channel {
  readonly name: string;
  private readonly heard = new Map<ChannelListener, number>();
  /** The last event that came without a gap; null on channels without numbers. */
  private seq: number | null;
  /** Events behind a gap, by number, until the gap is filled. */
  private readonly ahead = new Map<number, ExecutionEvent>();
  private acknowledged = false;
  private acknowledgedBefore = false;
  private askedAt = 0;
  private newsAt = 0;
  private repeats = 0;
  private quiet = 0;
  private refusals = 0;

  constructor(name: string, after: number | null) {
    this.name = name;
    this.seq = after;
  }

  get empty(): boolean {
    return this.heard.size === 0;
  }

  /** Adds a listener that has the events up to `after`; they come again from there, and others drop what they have. */
  add(listener: ChannelListener, after: number | null): void {
    this.heard.set(listener, after ?? 0);
    if (this.seq !== null && after !== null) this.seq = Math.min(this.seq, after);
  }

  remove(listener: ChannelListener): void {
    this.heard.delete(listener);
  }

  /** The connection is new: what was asked on the one before is void. */
  begin(): void {
    this.acknowledged = false;
    this.repeats = 0;
    this.refusals = 0;
  }

  /** The message that subscribes or renews. */
  request(now: number): Record<string, unknown> {
    if (!this.acknowledged) this.repeats += 1;
    this.askedAt = now;
    const after = this.seq === null ? {} : { after: this.seq };
    return { action: "subscribe", channel: this.name, ...after };
  }

  /** Whether it is time to ask again. */
  due(now: number): boolean {
    if (this.refusals >= MOST_REFUSALS) return false;
    const silent = now - Math.max(this.askedAt, this.newsAt);
    if (!this.acknowledged) return silent >= Math.min(REPEAT_CAP_MS, REPEAT_FIRST_MS * 2 ** (this.repeats - 1));
    if (now - this.askedAt >= RENEW_MS) return true;
    return this.seq !== null && silent >= QUIET_FIRST_MS * 2 ** this.quiet;
  }

  /** The server has told all it has up to `lastSeq`. */
  subscribed(lastSeq: number, fresh: boolean): void {
    if (this.seq !== null && lastSeq > this.seq) {
      this.acknowledged = false; // something was lost on the way: it is asked for again
      return;
    }
    this.quiet = this.acknowledged ? this.quiet + 1 : 0;
    this.acknowledged = true;
    this.repeats = 0;
    this.refusals = 0;
    if (fresh || !this.acknowledgedBefore) for (const listener of [...this.heard.keys()]) listener.missed?.();
    this.acknowledgedBefore = true;
  }

  refused(): void {
    this.acknowledged = false;
    this.refusals += 1;
    if (this.refusals === MOST_REFUSALS) for (const listener of [...this.heard.keys()]) listener.refused?.();
  }

  execution(execution: Execution): void {
    for (const listener of [...this.heard.keys()]) listener.execution?.(execution);
  }

  /** Takes events as they came. Returns whether some before them are missing and should be asked for now. */
  events(events: readonly ExecutionEvent[], now: number): boolean {
    this.newsAt = now;
    this.quiet = 0;
    const fresh: ExecutionEvent[] = [];
    let last = this.seq ?? 0;
    for (const event of [...events].sort((one, other) => one.seq - other.seq)) {
      if (event.seq <= last) continue;
      if (event.seq > last + 1) {
        if (this.ahead.size < MOST_AHEAD) this.ahead.set(event.seq, event);
        continue;
      }
      for (let next: ExecutionEvent | undefined = event; next; next = this.ahead.get(last + 1)) {
        this.ahead.delete(next.seq);
        fresh.push(next);
        last = next.seq;
      }
    }
    this.seq = last;
    this.deliver(fresh);
    // One request per gap, until it is answered.
    if (this.ahead.size === 0 || !this.acknowledged) return false;
    this.acknowledged = false;
    return true;
  }

  private deliver(events: ExecutionEvent[]): void {
    const last = events.at(-1);
    if (!last) return;
    for (const [listener, seq] of [...this.heard]) {
      const news = events.filter((event) => event.seq > seq);
      if (news.length === 0) continue;
      this.heard.set(listener, last.seq);
      listener.events?.(news);
    }
  }
}

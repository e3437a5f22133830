/**
 * Follows an answer. A WebSocket says when there is something new, and nothing else; what it is, the chat's function
 * says. Where no WebSocket comes about, the function holds a request until there is something.
 */

import { Refused, type Server } from "./server";
import { isOpen, type Progress } from "./types";

/** A bell may be lost: so often the page looks all the same, ever more seldom while nothing comes. */
const LOOKS_MS = [2_000, 4_000, 8_000, 15_000, 30_000];
const LEASE_MS = 25_000;
const OPENING_MS = 4_000;
const AGAIN_MS = [500, 1_000, 2_000, 5_000, 10_000];

/** Tells of progress until the end. Returns what ends it before. */
export function follow(
  server: Server,
  first: Progress,
  tell: (now: Progress) => void,
  trouble: (error: Refused | null) => void,
): () => void {
  const end = new AbortController();
  const bell = new Bell();
  void listen(server, first.id, bell, end.signal);
  void look(server, first, tell, trouble, bell, end.signal).finally(() => end.abort());
  return () => end.abort();
}

async function look(
  server: Server,
  first: Progress,
  tell: (now: Progress) => void,
  trouble: (error: Refused | null) => void,
  bell: Bell,
  signal: AbortSignal,
): Promise<void> {
  let had = first;
  let idle = 0;
  let failed = 0;
  while (!signal.aborted && isOpen(had)) {
    try {
      const begun = performance.now();
      const found = joined(had, await server.turn(had, !bell.works, signal));
      if (signal.aborted) return;
      if (failed > 0) trouble(null);
      failed = 0;
      idle = found.tag === had.tag ? idle + 1 : 0;
      had = found;
      tell(found);
      if (!isOpen(found)) return;
      if (bell.works) await bell.rung(LOOKS_MS[Math.min(idle, LOOKS_MS.length - 1)] ?? 0, signal);
      // A function that does not hold requests is not to be asked without pause.
      else if (performance.now() - begun < 300) await bell.rung(300, signal);
    } catch (error) {
      if (signal.aborted) return;
      const refused = error instanceof Refused ? error : new Refused(0, "");
      if (refused.status !== 0 && refused.status < 500 && refused.status !== 429) {
        trouble(refused);
        return;
      }
      if (failed++ > 1) trouble(refused);
      await bell.rung(AGAIN_MS[Math.min(failed, AGAIN_MS.length) - 1] ?? 0, signal);
    }
  }
}

/** What is known now: what has come is put behind what had come of the same attempt. */
function joined(had: Progress, found: Progress): Progress {
  return found.from > 0 ? { ...found, coming: had.coming.slice(0, found.from) + found.coming } : found;
}

/** Keeps a WebSocket open that rings the bell. */
async function listen(server: Server, id: string, bell: Bell, signal: AbortSignal): Promise<void> {
  for (let failed = 0; !signal.aborted && failed < 3; failed++) {
    try {
      const { ticket, channel } = await server.live(id);
      if (await connected(ticket, channel, bell, signal)) failed = 0;
    } catch {
      // Without it requests are held.
    }
    bell.works = false;
    bell.ring();
    await new Promise((done) => setTimeout(done, AGAIN_MS[failed] ?? 0));
  }
}

/** Resolves when the connection has ended: true where it was one. */
function connected(ticket: string, channel: string, bell: Bell, signal: AbortSignal): Promise<boolean> {
  return new Promise((done) => {
    const address = new URL(`/live?ticket=${encodeURIComponent(ticket)}`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    const subscribe = () => socket.send(JSON.stringify({ action: "subscribe", channel }));
    const opening = setTimeout(() => socket.close(), OPENING_MS);
    let renewing: ReturnType<typeof setInterval> | undefined;
    socket.onopen = () => {
      subscribe();
      renewing = setInterval(subscribe, LEASE_MS);
    };
    socket.onmessage = () => {
      clearTimeout(opening);
      bell.works = true;
      bell.ring();
    };
    socket.onclose = () => {
      clearTimeout(opening);
      clearInterval(renewing);
      signal.removeEventListener("abort", close);
      done(bell.works);
    };
    const close = () => socket.close();
    signal.addEventListener("abort", close);
  });
}

class Bell {
  works = false;
  private rang = false;
  private wake: (() => void) | null = null;

  ring(): void {
    this.rang = true;
    this.wake?.();
  }

  /** Resolves when it has rung since this was asked last, and at the latest after a time. */
  async rung(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (!this.rang && !signal.aborted) {
      await new Promise<void>((done) => {
        const timer = setTimeout(done, milliseconds);
        const awake = () => {
          clearTimeout(timer);
          done();
        };
        this.wake = awake;
        signal.addEventListener("abort", awake, { once: true });
      });
    }
    this.rang = false;
    this.wake = null;
  }
}

/** Asks the chat's function, with the session that this browser keeps for this chat. */

import type { Given, Progress, Shown, Turn } from "./types";

/** The function refused, or nothing answers (`status` 0). `message` is for the visitor. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export class Server {
  private token: string | null;
  private readonly given: Given;

  constructor(given: Given) {
    this.given = given;
    this.token = kept(this.key);
  }

  /** Whether this browser has a session, good or not. */
  get known(): boolean {
    return this.token !== null;
  }

  /** Begins a session. */
  async enter(proof: object = {}): Promise<Shown> {
    const body = JSON.stringify(proof);
    const headers = { "content-type": "application/json" };
    const { token, shown } = await this.ask<{ token: string; shown: Shown }>("session", {
      method: "POST",
      body,
      headers,
    });
    this.keep(token);
    return shown;
  }

  async talk(): Promise<{ shown: Shown; turns: Turn[] }> {
    const found = await this.ask<{ token: string; shown: Shown; turns: Turn[] }>("talk");
    this.keep(found.token);
    return found;
  }

  send(messageId: string, text: string, files: readonly File[]): Promise<Turn> {
    const body = new FormData();
    body.set("messageId", messageId);
    body.set("text", text);
    for (const file of files) body.append("file", file);
    return this.ask<Turn>("send", { method: "POST", body });
  }

  /** How far a message is; with `wait` once there is something new, or after some seconds. */
  turn(had: Progress, wait: boolean, signal: AbortSignal): Promise<Progress> {
    const asked = new URLSearchParams({ source: had.source, at: String(had.coming.length) });
    if (wait) asked.set("tag", had.tag);
    return this.ask<Progress>(`turn/${had.id}?${asked}`, { signal });
  }

  stop(id: string): Promise<Turn> {
    return this.ask<Turn>(`stop/${id}`, { method: "POST" });
  }

  live(id: string): Promise<{ ticket: string; channel: string }> {
    return this.ask(`live/${id}`, { method: "POST" });
  }

  /** Ends the session on this side. */
  forget(): void {
    this.token = null;
    try {
      localStorage.removeItem(this.key);
    } catch {
      // There is no storage: nothing was kept.
    }
  }

  private get key(): string {
    return `stepweave.chat.${this.given.place}`;
  }

  private keep(token: string): void {
    this.token = token;
    try {
      localStorage.setItem(this.key, token);
    } catch {
      // A frame without storage: the conversation lasts as long as the page.
    }
  }

  private async ask<T>(what: string, init: RequestInit = {}): Promise<T> {
    const headers = new Headers(init.headers);
    if (this.token) headers.set("x-chat-session", this.token);
    let answer: Response;
    try {
      answer = await fetch(`${this.given.place}/~${what}`, { ...init, headers, credentials: "omit" });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new Refused(0, this.given.texts.offline ?? "");
    }
    const told: unknown = await answer.json().catch(() => null);
    if (answer.ok && told !== null) return told as T;
    const detail = (told as { detail?: unknown } | null)?.detail;
    throw new Refused(answer.status, typeof detail === "string" ? detail : (this.given.texts.away ?? ""));
  }
}

function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

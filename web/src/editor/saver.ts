/**
 * Saves a draft: a moment after the last change, one request at a time, again and again while the API is away. What it
 * refused is sent again after the next change or when asked to. What is not saved yet is kept in this browser. Knows no
 * React; the request, the clock and the storage come from outside.
 */

import { ApiError } from "../api/problem";
import type { WorkflowDocument } from "../graph/document";
import { sameJson } from "../graph/reading";

export type SaveStatus = "saved" | "dirty" | "saving" | "retrying" | "refused" | "conflict";

export interface SaverEnvironment {
  /** Saves and returns the new revision. Rejects with an `ApiError`. */
  save(document: WorkflowDocument, revision: number): Promise<number>;
  /** `error` is why the last save failed, until one works; `kept` whether this browser holds what is not saved. */
  status(status: SaveStatus, error: unknown, kept: boolean): void;
  /** Keeps a draft in this browser; false where it has no room. */
  keep(document: WorkflowDocument, revision: number): boolean;
  forget(): void;
}

export const AUTOSAVE_MS = 1200;
const RETRY_MS = 3000;
const LONGEST_RETRY_MS = 30_000;

export class Saver {
  private readonly environment: SaverEnvironment;
  private revision: number;
  private saved: WorkflowDocument;
  private current: WorkflowDocument;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private running: Promise<boolean> | null = null;
  private state: SaveStatus = "saved";
  private closed = false;
  private error: unknown = null;
  private kept = true;
  private retries = 0;
  /** Drafts that were sent without an answer: the API may have them. */
  private unanswered: WorkflowDocument[] = [];

  constructor(document: WorkflowDocument, revision: number, environment: SaverEnvironment) {
    this.saved = document;
    this.current = document;
    this.revision = revision;
    this.environment = environment;
  }

  /** Whether the API has what is on screen, as far as is known: a save without an answer leaves that open. */
  get clean(): boolean {
    return this.current === this.saved && this.unanswered.length === 0;
  }

  /** Takes note of a change. */
  changed(document: WorkflowDocument): void {
    if (document === this.current) return;
    this.current = document;
    if (this.clean) {
      this.environment.forget();
      this.error = null;
      if (this.state !== "conflict") this.become("saved");
      return;
    }
    this.kept = this.environment.keep(document, this.revision);
    if (this.state === "conflict") return;
    if (this.state !== "saving") this.become("dirty");
    this.later(AUTOSAVE_MS);
  }

  /** Saves now what is not saved. Resolves to whether everything is saved then. */
  async flush(): Promise<boolean> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.running) await this.running;
    if (this.clean) return true;
    if (this.state === "conflict" || this.closed) return false;
    this.running = this.attempt().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** Answers a conflict: saves what is here on top of `revision`. */
  overwrite(revision: number): Promise<boolean> {
    this.revision = revision;
    this.state = "dirty";
    return this.flush();
  }

  /** Answers a conflict the other way: `document` at `revision` is what counts now. */
  adopt(document: WorkflowDocument, revision: number): void {
    this.revision = revision;
    this.saved = document;
    this.current = document;
    this.environment.forget();
    this.settled();
  }

  close(): void {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private later(ms: number): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  private become(state: SaveStatus): void {
    this.state = state;
    if (!this.closed) this.environment.status(state, this.error, this.kept);
  }

  /** All is saved, and nothing is left of what went wrong before. */
  private settled(): void {
    this.answered();
    this.become("saved");
  }

  private answered(): void {
    this.error = null;
    this.retries = 0;
    this.unanswered = [];
  }

  private async attempt(): Promise<boolean> {
    const document = this.current;
    this.become("saving");
    try {
      this.revision = await this.environment.save(document, this.revision);
    } catch (error) {
      return this.failed(error, document);
    }
    return this.landed(document);
  }

  /** The API has `document`: what came after it goes there next. */
  private landed(document: WorkflowDocument): boolean {
    this.answered();
    this.saved = document;
    if (this.clean) {
      this.environment.forget();
      this.become("saved");
      return true;
    }
    this.kept = this.environment.keep(this.current, this.revision);
    this.become("dirty");
    this.later(AUTOSAVE_MS);
    return false;
  }

  private failed(error: unknown, document: WorkflowDocument): boolean {
    this.error = error;
    if (error instanceof ApiError && error.code === "stale_revision") {
      const mine = this.alreadyThere(error.body);
      if (mine) return this.landed(mine);
      this.become("conflict");
    } else if (isRefusal(error)) {
      this.become("refused");
    } else {
      this.unanswered.push(document);
      this.become("retrying");
      if (!this.closed) this.later(Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** this.retries));
      this.retries += 1;
    }
    return false;
  }

  /** What "somebody" saved may be what was sent from here, where only the answer was lost: then it is no conflict. */
  private alreadyThere({ document, revision }: Record<string, unknown>): WorkflowDocument | undefined {
    if (typeof revision !== "number") return undefined;
    const mine = [this.current, ...this.unanswered].find((sent) => sameJson(sent, document));
    if (mine) this.revision = revision;
    return mine;
  }
}

/** Whether the API said no to the draft. Anything else may pass: no answer, nonsense, the end of a session. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && !error.passing && error.kind !== "signedOut" && error.kind !== "garbled";
}

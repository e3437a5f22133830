/**
 * Saves a draft: a moment after the last change, one request at a time, again and again while the API is away. What is
 * not saved yet is kept in this browser. Knows no React; the request, the clock and the storage come from outside.
 */

import { ApiError } from "../api/problem";
import type { WorkflowDocument } from "../graph/document";

export type SaveStatus = "saved" | "dirty" | "saving" | "retrying" | "refused" | "conflict";

export interface SaverEnvironment {
  /** Saves and returns the new revision. Rejects with an `ApiError`. */
  save(document: WorkflowDocument, revision: number): Promise<number>;
  status(status: SaveStatus, error: unknown): void;
  keep(document: WorkflowDocument, revision: number): void;
  forget(): void;
}

export const AUTOSAVE_MS = 1200;
const RETRY_MS = 3000;

export class Saver {
  private readonly environment: SaverEnvironment;
  private revision: number;
  private saved: WorkflowDocument;
  private current: WorkflowDocument;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private running: Promise<boolean> | null = null;
  private state: SaveStatus = "saved";
  private closed = false;

  constructor(document: WorkflowDocument, revision: number, environment: SaverEnvironment) {
    this.saved = document;
    this.current = document;
    this.revision = revision;
    this.environment = environment;
  }

  get clean(): boolean {
    return this.current === this.saved;
  }

  /** Takes note of a change. */
  changed(document: WorkflowDocument): void {
    if (document === this.current) return;
    this.current = document;
    if (this.clean) {
      this.environment.forget();
      if (this.state !== "conflict") this.become("saved");
      return;
    }
    this.environment.keep(document, this.revision);
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
    this.become("saved");
  }

  close(): void {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private later(ms: number): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  private become(state: SaveStatus, error: unknown = null): void {
    this.state = state;
    if (!this.closed) this.environment.status(state, error);
  }

  private async attempt(): Promise<boolean> {
    const document = this.current;
    this.become("saving");
    try {
      this.revision = await this.environment.save(document, this.revision);
    } catch (error) {
      return this.failed(error);
    }
    this.saved = document;
    if (this.clean) {
      this.environment.forget();
      this.become("saved");
      return true;
    }
    this.environment.keep(this.current, this.revision);
    this.become("dirty");
    this.later(AUTOSAVE_MS);
    return false;
  }

  private failed(error: unknown): false {
    if (error instanceof ApiError && error.code === "stale_revision") {
      this.become("conflict", error);
    } else if (error instanceof ApiError && !error.passing && error.kind !== "signedOut") {
      this.become("refused", error);
    } else {
      this.become("retrying", error);
      if (!this.closed) this.later(RETRY_MS);
    }
    return false;
  }
}

/**
 * Unsaved drafts, kept in this browser until they are saved. Each page keeps its own, so that two tabs on one workflow
 * do not write over each other's.
 */

import { newId, normalised, type WorkflowDocument } from "../graph/document";
import { flawOf } from "../graph/reading";
import { forgetAllItems } from "./triggers";

export interface Backup {
  /** Where it is stored. */
  key: string;
  document: WorkflowDocument;
  /** The revision that it was made from. */
  revision: number;
  at: string;
}

const PAGE = newId("n");
const prefix = (workflowId: string) => `stepweave.draft.${workflowId}`;
const ownKey = (workflowId: string) => `${prefix(workflowId)}.${PAGE}`;

/** Keeps a draft. False where storage is full or off limits, even without what can be done without. */
export function keepBackup(workflowId: string, document: WorkflowDocument, revision: number): boolean {
  const text = JSON.stringify({ document, revision, at: new Date().toISOString() });
  return store(ownKey(workflowId), text) || (forgetAllItems() && store(ownKey(workflowId), text));
}

function store(key: string, text: string): boolean {
  try {
    localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

/** Forgets what this page kept of a workflow. */
export function forgetOwnBackup(workflowId: string): void {
  forgetBackup(ownKey(workflowId));
}

export function forgetBackup(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Off limits: then nothing was kept either.
  }
}

/** What was kept of a workflow, by this page or others, the latest first. */
export function readBackups(workflowId: string): Backup[] {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix(workflowId)));
    return keys.flatMap((key) => read(key) ?? []).sort((a, b) => b.at.localeCompare(a.at));
  } catch {
    return [];
  }
}

function read(key: string): Backup | null {
  try {
    const { document, revision, at } = JSON.parse(localStorage.getItem(key) ?? "null") as Partial<Backup>;
    if (flawOf(document) || typeof revision !== "number" || typeof at !== "string") return null;
    return { key, document: normalised(document as WorkflowDocument), revision, at };
  } catch {
    return null;
  }
}

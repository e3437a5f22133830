/** Unsaved drafts, kept in this browser until they are saved. */

import type { WorkflowDocument } from "../graph/document";

export interface Backup {
  document: WorkflowDocument;
  revision: number;
  at: string;
}

const key = (workflowId: string) => `stepweave.draft.${workflowId}`;

export function keepBackup(workflowId: string, document: WorkflowDocument, revision: number): void {
  const backup: Backup = { document, revision, at: new Date().toISOString() };
  try {
    localStorage.setItem(key(workflowId), JSON.stringify(backup));
  } catch {
    // Storage is full or off limits. The draft is still on screen, and leaving the page asks first.
  }
}

export function forgetBackup(workflowId: string): void {
  try {
    localStorage.removeItem(key(workflowId));
  } catch {
    // Off limits: then nothing was kept either.
  }
}

export function readBackup(workflowId: string): Backup | null {
  try {
    const text = localStorage.getItem(key(workflowId));
    const backup = text ? (JSON.parse(text) as Partial<Backup>) : null;
    return backup?.document && Array.isArray(backup.document.nodes) ? (backup as Backup) : null;
  } catch {
    return null;
  }
}

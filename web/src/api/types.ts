/** What the REST API sends, under the names the app uses. */

import type { Diagnostic, WorkflowDocument } from "../graph/document";

export interface User {
  id: string;
  email: string;
  name: string;
}

export interface Tenant {
  id: string;
  name: string;
  slug: string;
}

export interface Session {
  accessToken: string;
  expiresIn: number;
  user: User;
  tenant: Tenant;
}

export interface Page<T> {
  items: T[];
  nextCursor?: string | null;
}

export type ExecutionStatus = "queued" | "running" | "succeeded" | "failed" | "cancelled" | "timed_out";

export type NodeRunStatus = "running" | "retrying" | "succeeded" | "failed";

export type TriggerName = "manual" | "webhook" | "schedule" | "error" | "workflow";

export interface ErrorInfo {
  type: string;
  message: string;
  remedy?: string | null;
  retryable?: boolean | null;
  item?: number | null;
  details?: Record<string, unknown> | null;
}

export interface LastExecution {
  id: string;
  status: ExecutionStatus;
  startedAt: string | null;
  endedAt?: string | null;
}

export interface WorkflowSummary {
  id: string;
  name: string;
  revision: number;
  publishedVersion: number | null;
  enabled: boolean;
  updatedAt: string;
  lastExecution: LastExecution | null;
  triggers: string[];
}

export interface Webhook {
  nodeId: string;
  url: string;
  method: string;
  path: string;
}

export interface Workflow {
  id: string;
  document: WorkflowDocument;
  revision: number;
  publishedVersion: number | null;
  enabled: boolean;
  webhooks: Webhook[];
  diagnostics: Diagnostic[];
  updatedAt: string;
}

export interface WorkflowVersion {
  number: number;
  createdAt: string;
}

export interface Execution {
  id: string;
  workflowId: string;
  workflowName: string;
  workflowVersion: number | null;
  mode: "draft" | "live";
  trigger: TriggerName;
  status: ExecutionStatus;
  startedAt: string | null;
  endedAt: string | null;
  durationMs: number | null;
  error: ErrorInfo | null;
  lastSeq: number;
}

export interface Batch {
  count: number;
}

export interface NodeRun {
  nodeId: string;
  attempt: number;
  status: NodeRunStatus;
  startedAt: string | null;
  endedAt: string | null;
  durationMs: number | null;
  input: Record<string, Batch[]> | null;
  output: Record<string, Batch> | null;
  error: ErrorInfo | null;
}

export interface ExecutionDetail extends Execution {
  nodeRuns: NodeRun[];
  document: WorkflowDocument;
}

export type LogLevel = "debug" | "info" | "warning" | "error";

export interface LogLine {
  seq: number;
  nodeId: string | null;
  at: string;
  level: LogLevel;
  message: string;
  data?: unknown;
}

export interface ItemsPage {
  items: import("../graph/document").Item[];
  total: number;
}

export interface Credential {
  id: string;
  name: string;
  type: string;
  hint: string | null;
  updatedAt: string;
}

export interface LiveTicket {
  ticket: string;
  url: string;
  expiresIn: number;
}

/** One event of an execution (`stepweave.model.events.Event`, with the recorder's number). */
export interface ExecutionEvent {
  seq: number;
  id: string;
  type: string;
  at: string;
  nodeId?: string | null;
  attempt?: number | null;
  input?: Record<string, Batch[]> | null;
  output?: Record<string, Batch> | null;
  durationMs?: number | null;
  error?: ErrorInfo | null;
  level?: LogLevel | null;
  message?: string | null;
  data?: unknown;
  done?: number | null;
  total?: number | null;
  truncated?: boolean | null;
}

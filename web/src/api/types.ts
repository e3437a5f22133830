/**
 * What the REST API sends, under the names the app uses: the generated schemas, narrowed where OpenAPI can only say
 * "an object" (documents, batches, errors: the types of `stepweave.model`).
 */

import type { Diagnostic, Item, WorkflowDocument } from "../graph/document";
import type { StopTold } from "../run/stops";
import type { components } from "./schema";

type Schemas = components["schemas"];

/** `T` with some of its properties said more exactly. */
type Narrow<T, More> = Omit<T, keyof More> & More;

export type User = Schemas["UserResponse"];
export type Tenant = Schemas["TenantResponse"];
export type Session = Schemas["SessionResponse"];

export interface Page<T> {
  items: T[];
  nextCursor?: string | null;
}

export type ExecutionStatus = Schemas["ExecutionStatus"];
export type NodeRunStatus = "running" | "retrying" | "waiting" | "succeeded" | "failed";
export type LogLevel = "debug" | "info" | "warning" | "error";

export type Schedule = Narrow<Schemas["ScheduleResponse"], { lastExecution: LastExecution | null }>;
export type TriggerState = Narrow<Schemas["TriggerResponse"], { lastExecution: LastExecution | null }>;
export type Poll = Narrow<Schemas["PollResponse"], { lastExecution: LastExecution | null }>;
export type Listen = Narrow<Schemas["ListenResponse"], { items: Item[] }>;
export type FiresOfSchedule = Schemas["FiresOfSchedule"];
export type NextFires = Schemas["NextFiresResponse"];
export type Day = Schemas["DayResponse"];
export type Home = Narrow<
  Schemas["HomeResponse"],
  { running: Execution[]; failures: Narrow<Schemas["FailuresResponse"], { last: Execution }>[] }
>;

/** A failure, for people (`stepweave.model.events.ErrorInfo`). */
export interface ErrorInfo {
  type: string;
  message: string;
  remedy?: string | null;
  retryable?: boolean | null;
  item?: number | null;
  details?: Record<string, unknown> | null;
}

export type LastExecution = Narrow<Schemas["LastExecution"], { status: ExecutionStatus }>;
export type CostSummary = Schemas["CostSummary"];
export type WorkflowSummary = Narrow<Schemas["WorkflowSummary"], { lastExecution: LastExecution | null }>;
export type Webhook = Schemas["WebhookResponse"];
export type WorkflowVersion = Schemas["VersionResponse"];
export type Workflow = Narrow<Schemas["WorkflowResponse"], { document: WorkflowDocument; diagnostics: Diagnostic[] }>;

export type Execution = Narrow<Schemas["ExecutionSummary"], { status: ExecutionStatus; error: ErrorInfo | null }>;

/** The items of one port; how many is all that is looked at here (`stepweave.model.items.Batch`). */
export interface Batch {
  count: number;
}

/** What a node waits for (`stepweave.model.events`, `node.waiting`). */
export interface Waiting {
  kind: "time" | "callback" | "approval" | "workflow" | "form";
  /** When a wait for a time ends. */
  until?: string;
  /** When somebody else must have answered. */
  expiresAt?: string;
  /** What people are asked. */
  title?: string;
  /** Where a visitor fills in the page that is waited for. */
  url?: string;
  /** The name of the workflow that was called. */
  workflowName?: string;
  /** Its execution; of several the first. */
  executionId?: string;
  /** How many there are, where each item has one. */
  executions?: number;
  /** The first of them. */
  executionIds?: string[];
}

/** How many runs a node has in loops. */
export type RunCounts = Schemas["RunCounts"];

/** Where a node's output is from, when it was not made in this execution. */
export type OutputSource = { kind: "pinned" } | { kind: "skipped" } | { kind: "execution"; executionId: string };

export type NodeRun = Narrow<
  Schemas["LatestNodeRun"],
  {
    source: OutputSource | null;
    status: NodeRunStatus;
    input: Record<string, Batch[]> | null;
    output: Record<string, Batch> | null;
    error: ErrorInfo | null;
    waiting: Waiting | null;
  }
>;

export type ApprovalSummary = Schemas["ApprovalSummary"];
export type ApprovalState = ApprovalSummary["state"];
export type Approval = Schemas["ApprovalResponse"];
export type ApprovalField = Schemas["FormFieldResponse"];
export type HandOverDraft = Schemas["HandOverRequest"];
export type Decision = Schemas["DecisionRequest"]["decision"];

export type ExecutionDetail = Execution & {
  lastSeq: number;
  nodeRuns: NodeRun[];
  document: WorkflowDocument;
  parent: Schemas["ParentRun"] | null;
  calls: CalledExecution[];
  /** Whether it is a debug run, which has stops. */
  debug: boolean;
};

export type CalledExecution = Narrow<Schemas["CalledExecution"], { status: ExecutionStatus }>;

export interface LogLine {
  seq: number;
  nodeId: string | null;
  at: string;
  level: LogLevel;
  message: string;
  data?: unknown;
}

export type ItemsPage = Narrow<Schemas["ItemsResponse"], { items: Item[] }>;
export type Credential = Schemas["CredentialResponse"];
export type CredentialDetail = Schemas["CredentialDetailResponse"];
export type CredentialShare = Schemas["CredentialShareResponse"];
export type CredentialUse = Schemas["CredentialUse"];
export type CredentialUses = Schemas["CredentialUsesResponse"];
export type CredentialConnect = Schemas["ConnectResponse"];
export type CredentialVerdict = Schemas["CredentialTestResponse"];
export type LiveTicket = Schemas["TicketResponse"];

/** Tokens of a language model; `cached` are those of the input that the provider had already. */
export type Tokens = Schemas["TokensUsed"];

/** What was used (`stepweave.model.usage`): parts that are missing are none. Amounts are decimal text. */
export type Usage = Partial<Schemas["UsageResponse"]>;

/** A piece of output that comes bit by bit, of one input item. */
export interface PartialText {
  item: number;
  /** Characters that came before. */
  offset: number;
  text: string;
  /** Whether no more of it is told. */
  cut?: boolean;
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
  iteration?: string | null;
  waiting?: Waiting | null;
  source?: OutputSource | null;
  usage?: Usage | null;
  parts?: PartialText[] | null;
  /** What waits in the debugger, or what somebody let go there. */
  stop?: StopTold | null;
}

/** The API's routes as functions: the one place that knows paths and shapes. */

import type { Catalogue } from "../graph/catalogue";
import type { Diagnostic, Item, WorkflowDocument } from "../graph/document";
import { normalised } from "../graph/document";
import { call } from "./client";
import type {
  Credential,
  Execution,
  ExecutionDetail,
  ItemsPage,
  LiveTicket,
  LogLine,
  Page,
  Workflow,
  WorkflowSummary,
  WorkflowVersion,
} from "./types";

type Signal = AbortSignal | undefined;

export const PAGE_SIZE = 50;

export const nodeTypes = (signal?: Signal) => call<Catalogue>("GET", "/node-types", { signal });

export const listWorkflows = (search: string, cursor: string | null, signal?: Signal) =>
  call<Page<WorkflowSummary>>("GET", "/workflows", { query: { search, cursor, limit: PAGE_SIZE }, signal });

function withDocument(workflow: Workflow): Workflow {
  return { ...workflow, document: normalised(workflow.document) };
}

export const getWorkflow = async (id: string, signal?: Signal) =>
  withDocument(await call<Workflow>("GET", `/workflows/${id}`, { signal }));

export const createWorkflow = async (document: WorkflowDocument) =>
  withDocument(await call<Workflow>("POST", "/workflows", { body: { document } }));

export const saveWorkflow = async (id: string, document: WorkflowDocument, revision: number) =>
  withDocument(await call<Workflow>("PUT", `/workflows/${id}`, { body: { document, revision } }));

export const deleteWorkflow = (id: string) => call<void>("DELETE", `/workflows/${id}`);

export const validateWorkflow = (document: WorkflowDocument, signal?: Signal) =>
  call<{ diagnostics: Diagnostic[] }>("POST", "/workflows/validate", { body: { document }, signal });

export const publishWorkflow = (id: string) => call<WorkflowVersion>("POST", `/workflows/${id}/publish`);

export const unpublishWorkflow = (id: string) => call<void>("POST", `/workflows/${id}/unpublish`);

export interface RunRequest {
  triggerNodeId?: string;
  items?: Item[];
  mode: "draft" | "live";
}

export const runWorkflow = (id: string, request: RunRequest) =>
  call<{ executionId: string }>("POST", `/workflows/${id}/run`, { body: request });

export interface ExecutionFilter {
  workflowId?: string;
  status?: string;
  trigger?: string;
}

export const listExecutions = (filter: ExecutionFilter, cursor: string | null, signal?: Signal) =>
  call<Page<Execution>>("GET", "/executions", { query: { ...filter, cursor, limit: PAGE_SIZE }, signal });

export const getExecution = async (id: string, signal?: Signal) => {
  const detail = await call<ExecutionDetail>("GET", `/executions/${id}`, { signal });
  return { ...detail, document: normalised(detail.document) };
};

/** Most log lines that are read of one execution. */
export const LOG_LIMIT = 5000;

export async function listLogs(id: string, signal?: Signal): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  const limit = 500;
  for (let after = 0; lines.length < LOG_LIMIT; ) {
    const page = await call<Page<LogLine>>("GET", `/executions/${id}/logs`, { query: { after, limit }, signal });
    lines.push(...page.items);
    const last = page.items.at(-1);
    if (!last || page.items.length < limit) break;
    after = last.seq;
  }
  return lines;
}

export interface ItemsRequest {
  nodeId: string;
  direction: "in" | "out";
  port?: string;
  offset?: number;
  limit?: number;
}

export const listItems = (id: string, request: ItemsRequest, signal?: Signal) =>
  call<ItemsPage>("GET", `/executions/${id}/items`, { query: { ...request }, signal });

export const cancelExecution = (id: string) => call<void>("POST", `/executions/${id}/cancel`);

export const listCredentials = async (signal?: Signal) =>
  (await call<Page<Credential>>("GET", "/credentials", { signal })).items;

export interface CredentialDraft {
  name: string;
  type: string;
  data: Record<string, unknown>;
}

export const createCredential = (draft: CredentialDraft) => call<Credential>("POST", "/credentials", { body: draft });

export const deleteCredential = (id: string) => call<void>("DELETE", `/credentials/${id}`);

export const liveTicket = () => call<LiveTicket>("POST", "/live/ticket");

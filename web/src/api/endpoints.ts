/** The API's routes as functions; with its neighbours (`credentials`, `listening`) the one place that knows paths. */

import type { Breakpoint } from "../graph/breakpoints";
import type { Catalogue } from "../graph/catalogue";
import type { Diagnostic, Item, WorkflowDocument } from "../graph/document";
import { client, dataOf, given } from "./client";
import { readDocument } from "./documents";
import type {
  Approval,
  ApprovalState,
  ApprovalSummary,
  Decision,
  Execution,
  ExecutionDetail,
  ExecutionStatus,
  FiresOfSchedule,
  HandOverDraft,
  Home,
  ItemsPage,
  LiveTicket,
  LogLine,
  NextFires,
  NodeRun,
  Page,
  Poll,
  Schedule,
  TriggerState,
  Workflow,
  WorkflowSummary,
  WorkflowVersion,
} from "./types";

/** What people say of a version. */
export interface Said {
  name?: string;
  note?: string;
}

/** What OpenAPI calls a document: an object of any keys. */
type Loose = Record<string, unknown>;

export const PAGE_SIZE = 50;

export const nodeTypes = async (signal?: AbortSignal) =>
  (await dataOf(client.GET("/api/node-types", given(signal)))) as unknown as Catalogue;

export async function listWorkflows(search: string, cursor: string | null, signal?: AbortSignal) {
  const query = { limit: PAGE_SIZE, ...(search ? { search } : {}), ...(cursor ? { cursor } : {}) };
  const page = await dataOf(client.GET("/api/workflows", { params: { query }, ...given(signal) }));
  return page as Page<WorkflowSummary>;
}

function opened(answer: unknown): Workflow {
  const workflow = answer as Workflow;
  return { ...workflow, document: readDocument(workflow.document) };
}

const ofWorkflow = (id: string) => ({ params: { path: { workflow_id: id } } });

export const getWorkflow = async (id: string, signal?: AbortSignal) =>
  opened(await dataOf(client.GET("/api/workflows/{workflow_id}", { ...ofWorkflow(id), ...given(signal) })));

export const createWorkflow = async (document: WorkflowDocument) =>
  opened(await dataOf(client.POST("/api/workflows", { body: document as unknown as Loose })));

export async function saveWorkflow(id: string, document: WorkflowDocument, revision: number) {
  const body = { document: document as unknown as Loose, revision };
  return opened(await dataOf(client.PUT("/api/workflows/{workflow_id}", { ...ofWorkflow(id), body })));
}

export async function deleteWorkflow(id: string): Promise<void> {
  await client.DELETE("/api/workflows/{workflow_id}", ofWorkflow(id));
}

export async function validateWorkflow(document: WorkflowDocument, signal?: AbortSignal) {
  const body = document as unknown as Loose;
  const answer = await dataOf(client.POST("/api/workflows/validate", { body, ...given(signal) }));
  return answer as { diagnostics: Diagnostic[] };
}

export const publishWorkflow = async (id: string, said: Said = {}): Promise<WorkflowVersion> =>
  dataOf(
    client.POST("/api/workflows/{workflow_id}/publish", { ...ofWorkflow(id), body: { name: "", note: "", ...said } }),
  );

export async function unpublishWorkflow(id: string): Promise<void> {
  await client.POST("/api/workflows/{workflow_id}/unpublish", ofWorkflow(id));
}

/** What runs: from which trigger, with which items, and which part of it (contracts.md, "Runs of a part"). */
export interface RunRequest {
  /** The draft, unless said otherwise. */
  mode?: "draft" | "live";
  triggerNodeId?: string;
  items?: Item[];
  fromExecutionId?: string;
  startNodeId?: string;
  untilNodeId?: string;
  onlyNodeId?: string;
  /** Whether pinned data is taken; it is, unless said otherwise. */
  pinned?: boolean;
  /** That it stops on its way. */
  debug?: { breakpoints: Breakpoint[]; stepwise: boolean; onError: boolean; stopSeconds: number };
}

/** An expression's surroundings: which data it is evaluated on (`POST /api/expressions/preview`). */
export interface PreviewRequest {
  executionId: string | null;
  input: { nodeId: string; port: string }[];
  names: Record<string, string>;
  pinned: Record<string, Record<string, Item[]>>;
  workflowId: string;
  workflowName: string;
  timeZone: string;
}

export const previewExpression = (where: PreviewRequest, text: string, index: number, signal?: AbortSignal) =>
  dataOf(client.POST("/api/expressions/preview", { body: { ...where, text, index }, ...given(signal) }));

export interface OptionsWanted {
  version: number;
  /** The field; of one in rows `rows.name`. */
  field: string;
  params: Loose;
  search: string;
  /** `next` of the page before; null for the first one. */
  page: string | null;
  /** Whether what was loaded shortly before does not count. */
  reload: boolean;
}

/** A page of the choices that the provider has for a field of a node. */
export const listOptions = (type: string, body: OptionsWanted, signal?: AbortSignal) =>
  dataOf(client.POST("/api/node-types/{type}/options", { params: { path: { type } }, body, ...given(signal) }));

/** Starts an execution. Without items it starts with those of `fromExecutionId`, else with what the trigger gives. */
export async function runWorkflow(id: string, { items, ...request }: RunRequest): Promise<{ executionId: string }> {
  const body = {
    mode: "draft" as const,
    pinned: true,
    ...(items ? { items: items as never[] } : {}),
    ...request,
  };
  return dataOf(client.POST("/api/workflows/{workflow_id}/run", { ...ofWorkflow(id), body }));
}

/** Stores a file to run a workflow with; what it gives stands for it in an item's `binary`. */
export async function storeRunFile(id: string, file: File): Promise<Record<string, unknown>> {
  const { fileNameOf, base64Of } = await import("./files");
  const body = {
    fileName: fileNameOf(file),
    mimeType: file.type || "application/octet-stream",
    content: await base64Of(file),
  };
  return (await dataOf(client.POST("/api/workflows/{workflow_id}/files", { ...ofWorkflow(id), body }))).binary;
}

export const getHome = async (signal?: AbortSignal) =>
  (await dataOf(client.GET("/api/home", given(signal)))) as unknown as Home;

/** All schedules, and all triggers that poll. */
export async function listSchedules(signal?: AbortSignal): Promise<{ items: Schedule[]; polls: Poll[] }> {
  return (await dataOf(client.GET("/api/schedules", given(signal)))) as unknown as {
    items: Schedule[];
    polls: Poll[];
  };
}

export async function listFires(from: string, to: string, signal?: AbortSignal): Promise<FiresOfSchedule[]> {
  const params = { query: { from, to } };
  return (await dataOf(client.GET("/api/schedules/fires", { params, ...given(signal) }))).items;
}

export const nextFires = async (expression: string, timeZone: string, signal?: AbortSignal): Promise<NextFires> =>
  dataOf(client.POST("/api/schedules/next", { body: { expression, timeZone }, ...given(signal) }));

export async function changeSchedule(id: string, enabled: boolean): Promise<void> {
  const params = { path: { schedule_id: id } };
  await client.PUT("/api/schedules/{schedule_id}", { params, body: { enabled } });
}

/** The triggers of the published version, with how they fare. */
export async function listTriggers(workflowId: string, signal?: AbortSignal): Promise<TriggerState[]> {
  const params = { path: { workflow_id: workflowId } };
  const found = await dataOf(client.GET("/api/workflows/{workflow_id}/triggers", { params, ...given(signal) }));
  return (found as unknown as { items: TriggerState[] }).items;
}

export async function switchTrigger(workflowId: string, nodeId: string, enabled: boolean): Promise<void> {
  const params = { path: { workflow_id: workflowId, node_id: nodeId } };
  await client.PUT("/api/workflows/{workflow_id}/triggers/{node_id}", { params, body: { enabled } });
}

/** Has a registration forgotten that its provider did not forget. */
export async function dismissRegistration(workflowId: string, id: string): Promise<void> {
  const params = { path: { workflow_id: workflowId, registration_id: id } };
  await client.DELETE("/api/workflows/{workflow_id}/registrations/{registration_id}", { params });
}

export interface ExecutionFilter {
  workflowId?: string;
  /** One or several, with commas between them. */
  status?: string;
  trigger?: string;
  /** Started at or after this moment. */
  from?: string;
  /** Text in the error. */
  error?: string;
  /** US dollars that its models cost at least. */
  minCost?: string;
  /** The key of the environment that it ran in. */
  environment?: string;
}

export async function listExecutions(filter: ExecutionFilter, cursor: string | null, signal?: AbortSignal) {
  const query = {
    limit: PAGE_SIZE,
    ...(filter.workflowId ? { workflowId: filter.workflowId } : {}),
    ...(filter.status ? { status: filter.status.split(",") as ExecutionStatus[] } : {}),
    ...(filter.from ? { from: filter.from } : {}),
    ...(filter.error ? { error: filter.error } : {}),
    ...(filter.trigger ? { trigger: filter.trigger } : {}),
    ...(filter.minCost ? { minCost: filter.minCost } : {}),
    ...(filter.environment ? { environment: filter.environment } : {}),
    ...(cursor ? { cursor } : {}),
  };
  const page = await dataOf(client.GET("/api/executions", { params: { query }, ...given(signal) }));
  return page as unknown as Page<Execution>;
}

export type ExecutionAction = "cancel" | "runAgain" | "retry";
/** What became of one of many: why it did not work, or the execution that was started. */
export interface ExecutionResult {
  id: string;
  ok: boolean;
  message: string | null;
  executionId: string | null;
}
const MOST_AT_ONCE = 100;

/** Acts on any number of executions, as many requests as that takes. */
export async function changeExecutions(action: ExecutionAction, ids: readonly string[]): Promise<ExecutionResult[]> {
  const done: ExecutionResult[] = [];
  for (let from = 0; from < ids.length; from += MOST_AT_ONCE) {
    const body = { action, ids: ids.slice(from, from + MOST_AT_ONCE) };
    done.push(...(await dataOf(client.POST("/api/executions/bulk", { body }))).items);
  }
  return done;
}

export async function getExecution(id: string, signal?: AbortSignal): Promise<ExecutionDetail> {
  const params = { path: { execution_id: id } };
  const answer = await dataOf(client.GET("/api/executions/{execution_id}", { params, ...given(signal) }));
  const detail = answer as unknown as ExecutionDetail;
  return { ...detail, document: readDocument(detail.document) };
}

/** Most log lines that are asked for at once. */
export const LOGS_PAGE = 1000;

/** The next log lines of an execution behind the event number `after`; fewer than a page are the last there are. */
export async function listLogs(id: string, after: number, signal?: AbortSignal): Promise<LogLine[]> {
  const params = { path: { execution_id: id }, query: { after, limit: LOGS_PAGE } };
  const page = await dataOf(client.GET("/api/executions/{execution_id}/logs", { params, ...given(signal) }));
  return page.items as unknown as LogLine[];
}

/** Most rounds of a loop that can be chosen from. */
export const ROUNDS_LIMIT = 1000;

/** The runs of a node in a loop, by iteration. */
export async function listNodeRuns(id: string, nodeId: string, signal?: AbortSignal): Promise<NodeRun[]> {
  const params = { path: { execution_id: id }, query: { nodeId, limit: ROUNDS_LIMIT } };
  const page = await dataOf(client.GET("/api/executions/{execution_id}/node-runs", { params, ...given(signal) }));
  return page.items.map((run) => ({ ...run, runs: null, source: null })) as unknown as NodeRun[];
}

export interface ItemsRequest {
  nodeId: string;
  /** The round of the node's loops; empty outside loops. */
  iteration: string;
  direction: "in" | "out";
  port: string;
  offset: number;
  limit: number;
}

export async function listItems(id: string, query: ItemsRequest, signal?: AbortSignal): Promise<ItemsPage> {
  const params = { path: { execution_id: id }, query };
  const page = await dataOf(client.GET("/api/executions/{execution_id}/items", { params, ...given(signal) }));
  return page as unknown as ItemsPage;
}

export async function cancelExecution(id: string): Promise<void> {
  await client.POST("/api/executions/{execution_id}/cancel", { params: { path: { execution_id: id } } });
}

export async function listApprovals(
  filter: { state?: ApprovalState; executionId?: string },
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<ApprovalSummary>> {
  const query = { limit: PAGE_SIZE, ...filter, ...(cursor ? { cursor } : {}) };
  return dataOf(client.GET("/api/approvals", { params: { query }, ...given(signal) }));
}

const ofApproval = (id: string) => ({ params: { path: { approval_id: id } } });

export const getApproval = (id: string, signal?: AbortSignal): Promise<Approval> =>
  dataOf(client.GET("/api/approvals/{approval_id}", { ...ofApproval(id), ...given(signal) }));

export interface DecisionDraft {
  decision: Decision;
  comment: string;
  form: Record<string, unknown>;
}

export const decideApproval = (id: string, body: DecisionDraft): Promise<Approval> =>
  dataOf(client.POST("/api/approvals/{approval_id}/decision", { ...ofApproval(id), body }));

export const handOverApproval = (id: string, body: HandOverDraft): Promise<Approval> =>
  dataOf(client.POST("/api/approvals/{approval_id}/hand-over", { ...ofApproval(id), body }));

export const liveTicket = (): Promise<LiveTicket> => dataOf(client.POST("/api/live/ticket"));

/** Returns where a member goes on to be let into a chat. */
export async function enterChat(chat: string, challenge: string): Promise<string> {
  const { address } = await dataOf(client.POST("/api/chats/entry", { body: { chat, challenge } }));
  return address;
}

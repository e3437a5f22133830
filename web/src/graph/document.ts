/** The workflow document, as `stepweave.model.workflow` defines it. The editor draws it, the API stores it. */

export type Json = unknown;

export interface Item {
  json: Record<string, Json>;
  binary?: Record<string, Json>;
}

export type OnError = "stop" | "continue" | "branch";

export interface RetryPolicy {
  /** Retries after the first attempt. */
  maxAttempts?: number;
  intervalSeconds?: number;
  backoffRate?: number;
  maxDelaySeconds?: number;
}

/** How a node is a tool of an agent: of the node that begins the tool. */
export interface ToolSettings {
  description?: string;
  parameters?: Record<string, Json> | null;
  approval?: boolean;
  approvers?: string;
  approvalSeconds?: number;
  onError?: "tell" | "stop";
}

export interface NodeSettings {
  retry?: RetryPolicy | null;
  timeoutSeconds?: number | null;
  onError?: OnError;
  disabled?: boolean;
  alwaysOutput?: boolean;
  executeOnce?: boolean;
  notes?: string;
  tool?: ToolSettings | null;
}

export interface Position {
  x: number;
  y: number;
}

export type Params = Record<string, Json>;

export interface WorkflowNode {
  id: string;
  type: string;
  version: number;
  name: string;
  params: Params;
  position: Position;
  settings: NodeSettings;
  pinned?: Record<string, Item[]> | null;
}

export interface WorkflowEdge {
  id: string;
  source: string;
  sourcePort: string;
  target: string;
  targetPort: string;
}

export interface WorkflowNote {
  id: string;
  kind?: "note" | "group";
  text?: string;
  position: Position;
  width?: number;
  height?: number;
  color?: string;
}

/** What may be spent on language models; null for any amount. Money is US dollars. */
export interface WorkflowBudget {
  executionMoney?: number | null;
  executionTokens?: number | null;
  monthMoney?: number | null;
  monthTokens?: number | null;
}

export interface WorkflowSettings {
  mode?: "auto" | "standard" | "express";
  timeZone?: string;
  errorWorkflowId?: string | null;
  timeoutSeconds?: number | null;
  concurrency?: number | null;
  budget?: WorkflowBudget | null;
}

export interface WorkflowDocument {
  schema: number;
  name: string;
  description?: string;
  nodes: WorkflowNode[];
  edges: WorkflowEdge[];
  notes?: WorkflowNote[];
  settings?: WorkflowSettings;
}

export interface Diagnostic {
  code: string;
  severity: "error" | "warning";
  message: string;
  remedy: string;
  nodeId?: string | null;
  edgeId?: string | null;
  /** A dotted path below the node (`params.headers.0.value`, `settings.retry`) or below the workflow. */
  field?: string | null;
  position?: number | null;
}

export const SCHEMA_VERSION = 1;

/** Returns an id that fits `NodeId`: letters and digits only, unique for all practical purposes. */
export function newId(prefix: "n" | "e" | "s"): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return prefix + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Fills in what the API may leave out (keys that were never set), so that readers need no defaults. */
export function normalised(document: Partial<WorkflowDocument> & { name: string }): WorkflowDocument {
  return {
    ...document,
    schema: document.schema ?? SCHEMA_VERSION,
    nodes: (document.nodes ?? []).map((node) => ({
      ...node,
      version: node.version ?? 1,
      params: node.params ?? {},
      position: node.position ?? { x: 0, y: 0 },
      settings: node.settings ?? {},
    })),
    edges: (document.edges ?? []).map((edge) => ({
      ...edge,
      sourcePort: edge.sourcePort ?? "main",
      targetPort: edge.targetPort ?? "main",
    })),
  };
}

export function emptyDocument(name: string): WorkflowDocument {
  return { schema: SCHEMA_VERSION, name, nodes: [], edges: [] };
}

export function findNode(document: WorkflowDocument, id: string): WorkflowNode | undefined {
  return document.nodes.find((node) => node.id === id);
}

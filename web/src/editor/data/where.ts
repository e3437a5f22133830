/** Where the data of a node's form is from: the run on screen, else the workflow's last one, and what is pinned. */

import { useMemo } from "react";
import type { PreviewRequest } from "../../api/endpoints";
import { useItems, useLastExecution } from "../../api/queries";
import { type Catalogue, findType } from "../../graph/catalogue";
import { upstream } from "../../graph/connect";
import type { Item, WorkflowDocument, WorkflowNode } from "../../graph/document";
import { findNode } from "../../graph/document";
import { useRun } from "../../run/context";
import { useDocument, useEditor } from "../store";

/** Ports that lead to the first input of a node, in edge order. */
export function inputOf(document: WorkflowDocument, catalogue: Catalogue, nodeId: string) {
  const node = findNode(document, nodeId);
  const entry = node && findType(catalogue, node.type, node.version);
  const port = entry?.inputs[0]?.name;
  return document.edges
    .filter((edge) => edge.target === nodeId && edge.targetPort === port)
    .map((edge) => ({ nodeId: edge.source, port: edge.sourcePort }));
}

/** What an expression of a node is previewed on. */
export function previewRequest(
  document: WorkflowDocument,
  catalogue: Catalogue,
  nodeId: string,
  workflowId: string,
  executionId: string | null,
): PreviewRequest {
  const before = upstream(document, nodeId).flatMap((id) => findNode(document, id) ?? []);
  const pinned: Record<string, Record<string, Item[]>> = {};
  for (const node of before) if (node.pinned) pinned[node.id] = node.pinned;
  return {
    executionId,
    input: inputOf(document, catalogue, nodeId),
    names: Object.fromEntries(before.map((node) => [node.name, node.id])),
    pinned,
    workflowId,
    workflowName: document.name,
    timeZone: document.settings?.timeZone ?? "UTC",
  };
}

export interface DataSource {
  executionId: string | null;
  /** When it began, where it is not the run on screen. */
  startedAt: string | null;
  /** Changes when more of the run is there. */
  version: string;
}

/** The execution whose data is shown beside parameters. */
export function useDataSource(): DataSource {
  const workflowId = useEditor((state) => state.workflowId);
  const shown = useRun(({ run }) => run.executionId);
  const seq = useRun(({ run }) => run.status) ?? "";
  const last = useLastExecution(shown ? "" : workflowId);
  if (shown) return { executionId: shown, startedAt: null, version: seq };
  return { executionId: last.data?.id ?? null, startedAt: last.data?.startedAt ?? null, version: "" };
}

export function usePreviewRequest(nodeId: string): PreviewRequest {
  const document = useDocument();
  const catalogue = useEditor((state) => state.catalogue);
  const workflowId = useEditor((state) => state.workflowId);
  const { executionId } = useDataSource();
  return useMemo(
    () => previewRequest(document, catalogue, nodeId, workflowId, executionId),
    [document, catalogue, nodeId, workflowId, executionId],
  );
}

const ROWS = 50;

/** The first items that a node gives at a port: those pinned to it, else those of the run whose data is shown. */
export function useGiven(source: WorkflowNode | undefined, port: string) {
  const where = useDataSource();
  const pinned = source?.pinned?.[port];
  const request = {
    nodeId: source?.id ?? "",
    iteration: "",
    direction: "out" as const,
    port,
    offset: 0,
    limit: ROWS,
  };
  const wanted = source !== undefined && !pinned && where.executionId !== null;
  const query = useItems(where.executionId ?? "", request, where.version, wanted);
  const items: readonly Item[] = pinned ?? query.data?.items ?? NOTHING;
  return { items, pinned: pinned !== undefined, loading: wanted && query.isLoading, where };
}

const NOTHING: readonly Item[] = [];

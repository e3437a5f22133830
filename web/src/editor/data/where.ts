/** Where the data of a node's form is from: the run on screen, else the newest one with data, and what is pinned. */

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { type ItemsRequest, listItems, type PreviewRequest } from "../../api/endpoints";
import { keys, useItems, useNewestWithData } from "../../api/queries";
import { type Catalogue, findType, outputPorts } from "../../graph/catalogue";
import { upstream } from "../../graph/connect";
import type { Item, WorkflowDocument, WorkflowNode } from "../../graph/document";
import { findNode } from "../../graph/document";
import { type SchemaField, schemaOf } from "../../graph/schema";
import { useRun } from "../../run/context";
import { useDocument, useEditor, useSelectedNode } from "../store";

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

/** The execution whose data is shown beside the parameters of the node that is selected. */
export function useDataSource(): DataSource {
  const workflowId = useEditor((state) => state.workflowId);
  const catalogue = useEditor((state) => state.catalogue);
  const document = useDocument();
  const node = useSelectedNode();
  const shown = useRun(({ run }) => run.executionId);
  const seq = useRun(({ run }) => run.status) ?? "";
  const ports = node ? inputOf(document, catalogue, node.id) : [];
  const last = useNewestWithData(shown ? "" : workflowId, ports);
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

const firstItems = (nodeId: string, port: string): ItemsRequest => ({
  nodeId,
  iteration: "",
  direction: "out",
  port,
  offset: 0,
  limit: ROWS,
});

/** Finds out which fields the items have that a node before the selected one gave; null where it gave none. */
export function useFieldsOf(): (name: string) => Promise<readonly SchemaField[] | null> {
  const client = useQueryClient();
  const document = useDocument();
  const catalogue = useEditor((state) => state.catalogue);
  const { executionId, version } = useDataSource();
  return useCallback(
    async (name) => {
      const node = document.nodes.find((one) => one.name === name);
      if (!node) return null;
      const port = outputPorts(node, findType(catalogue, node.type, node.version))[0]?.name ?? "main";
      const pinned = node.pinned?.[port];
      if (pinned) return schemaOf(pinned.map((item) => item.json));
      if (!executionId) return null;
      const request = firstItems(node.id, port);
      try {
        const page = await client.fetchQuery({
          queryKey: keys.items(executionId, request, version),
          queryFn: ({ signal }) => listItems(executionId, request, signal),
          staleTime: Number.POSITIVE_INFINITY,
          retry: false,
        });
        return page.items.length > 0 ? schemaOf(page.items.map((item) => item.json)) : null;
      } catch {
        return null; // what is known from the catalogue is offered all the same
      }
    },
    [client, document, catalogue, executionId, version],
  );
}

/** The first items that a node gives at a port: those pinned to it, else those of the run whose data is shown. */
export function useGiven(source: WorkflowNode | undefined, port: string) {
  const where = useDataSource();
  const pinned = source?.pinned?.[port];
  const request = firstItems(source?.id ?? "", port);
  const wanted = source !== undefined && !pinned && where.executionId !== null;
  const query = useItems(where.executionId ?? "", request, where.version, wanted);
  const items: readonly Item[] = pinned ?? query.data?.items ?? NOTHING;
  return { items, pinned: pinned !== undefined, loading: wanted && query.isLoading, where };
}

const NOTHING: readonly Item[] = [];

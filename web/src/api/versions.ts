/** Versions of a workflow: routes and query hooks. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { WorkflowDocument } from "../graph/document";
import { client, dataOf } from "./client";
import { readDocument } from "./documents";
import type { Said } from "./endpoints";
import type { WorkflowVersion } from "./types";

export type VersionDocument = WorkflowVersion & { document: WorkflowDocument };

const keyOf = (workflowId: string) => ["versions", workflowId] as const;

export function useVersions(workflowId: string) {
  return useQuery({
    queryKey: keyOf(workflowId),
    queryFn: async ({ signal }) => {
      const path = { workflow_id: workflowId };
      return (await dataOf(client.GET("/api/workflows/{workflow_id}/versions", { params: { path }, signal }))).items;
    },
    staleTime: 0,
  });
}

/** A version with its document. It never changes. */
export function useVersion(workflowId: string, number: number | null) {
  return useQuery({
    queryKey: [...keyOf(workflowId), number],
    queryFn: async ({ signal }): Promise<VersionDocument> => {
      const path = { workflow_id: workflowId, number: number ?? 0 };
      const route = "/api/workflows/{workflow_id}/versions/{number}" as const;
      const found = await dataOf(client.GET(route, { params: { path }, signal }));
      return { ...found, document: readDocument(found.document) };
    },
    staleTime: Number.POSITIVE_INFINITY,
    enabled: number !== null,
  });
}

/** Says something else of a version: what is left out stays. */
export function useDescribeVersion(workflowId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ number, ...body }: Said & { number: number }) => {
      const params = { path: { workflow_id: workflowId, number } };
      return dataOf(client.PUT("/api/workflows/{workflow_id}/versions/{number}", { params, body }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: keyOf(workflowId) }),
  });
}

export function usePublishVersion(workflowId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (number: number) => {
      const path = { workflow_id: workflowId, number };
      return dataOf(client.POST("/api/workflows/{workflow_id}/versions/{number}/publish", { params: { path } }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: keyOf(workflowId) }),
  });
}

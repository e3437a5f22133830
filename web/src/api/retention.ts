/** How long executions are kept. Routes, and their query hooks. `workflowId` null: of the workspace. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import type { components } from "./schema";

export type Retention = components["schemas"]["RetentionResponse"];
export interface Days {
  own: boolean;
  succeededDays: number | null;
  failedDays: number | null;
}
const keyOf = (workflowId: string | null) => ["retention", workflowId] as const;
const at = (id: string) => ({ path: { workflow_id: id } });

export function useRetention(workflowId: string | null) {
  return useQuery({
    queryKey: keyOf(workflowId),
    queryFn: ({ signal }) =>
      workflowId === null
        ? dataOf(client.GET("/api/tenant/retention", { signal }))
        : dataOf(client.GET("/api/workflows/{workflow_id}/retention", { params: at(workflowId), signal })),
  });
}

/** How many executions a setting would delete. */
export function previewRetention(workflowId: string | null, { own, succeededDays, failedDays }: Days) {
  const days = {
    ...(succeededDays === null ? {} : { succeededDays }),
    ...(failedDays === null ? {} : { failedDays }),
  };
  return workflowId === null
    ? dataOf(client.GET("/api/tenant/retention/preview", { params: { query: days } }))
    : dataOf(
        client.GET("/api/workflows/{workflow_id}/retention/preview", {
          params: { ...at(workflowId), query: { own, ...days } },
        }),
      );
}

export const useSetRetention = (workflowId: string | null) =>
  useMutation({
    mutationFn: ({ own, succeededDays, failedDays }: Days) =>
      workflowId === null
        ? dataOf(client.PUT("/api/tenant/retention", { body: { succeededDays, failedDays } }))
        : dataOf(
            client.PUT("/api/workflows/{workflow_id}/retention", {
              params: at(workflowId),
              body: { own, succeededDays, failedDays },
            }),
          ),
    onSuccess: (said, _, __, { client: queries }) => {
      queries.setQueryData(keyOf(workflowId), said);
      return workflowId === null ? queries.invalidateQueries({ queryKey: ["retention"] }) : undefined;
    },
  });

/** Keeps an execution for good, or no longer; gives since when it is kept. */
export const keepExecution = async (id: string, kept: boolean) =>
  (
    await dataOf(
      client.PUT("/api/executions/{execution_id}/kept", { params: { path: { execution_id: id } }, body: { kept } }),
    )
  ).keptAt;

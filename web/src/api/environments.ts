/** Environments, what is live in them, and what stands there for credentials: routes and query hooks. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Environment = Schemas["EnvironmentResponse"];
export type Live = Schemas["LiveResponse"];
export type Need = Schemas["NeedResponse"];

/** The environment that every workspace has. */
export const PRODUCTION = "production";
const ENVIRONMENTS = ["environments"] as const;
const MAPPINGS = ["credential-mappings"] as const;
const liveKey = (workflowId: string) => ["live", workflowId] as const;

export function useEnvironments() {
  return useQuery({
    queryKey: ENVIRONMENTS,
    queryFn: async ({ signal }) => (await dataOf(client.GET("/api/environments", { signal }))).items,
  });
}

/** What an environment is called, by its key. */
export function useEnvironmentName(): (key: string) => string {
  const known = useEnvironments().data;
  return (key) => known?.find((one) => one.key === key)?.name ?? key;
}

function useChanged<Given>(change: (given: Given) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => queries.invalidateQueries({ queryKey: ENVIRONMENTS }),
  });
}

export const useCreateEnvironment = () =>
  useChanged((body: Schemas["EnvironmentRequest"]) => dataOf(client.POST("/api/environments", { body })));

export const useChangeEnvironment = () =>
  useChanged(({ key, ...body }: Schemas["EnvironmentChange"] & { key: string }) =>
    dataOf(client.PUT("/api/environments/{environment}", { params: { path: { environment: key } }, body })),
  );

export const useOrderEnvironments = () =>
  useChanged((keys: string[]) => dataOf(client.PUT("/api/environments", { body: { keys } })));

export const useDeleteEnvironment = () =>
  useChanged((key: string) =>
    dataOf(client.DELETE("/api/environments/{environment}", { params: { path: { environment: key } } })),
  );

/** What is live of a workflow in each environment. */
export function useLive(workflowId: string, enabled = true) {
  return useQuery({
    enabled,
    queryKey: liveKey(workflowId),
    queryFn: async ({ signal }) => {
      const params = { path: { workflow_id: workflowId } };
      return (await dataOf(client.GET("/api/workflows/{workflow_id}/environments", { params, signal }))).items;
    },
    staleTime: 0,
  });
}

/** What a version needs in an environment. */
export function useReadiness(workflowId: string, number: number, environment: string) {
  return useQuery({
    queryKey: [...liveKey(workflowId), "ready", number, environment],
    queryFn: ({ signal }) => {
      const params = { path: { workflow_id: workflowId, number }, query: { environment } };
      return dataOf(client.GET("/api/workflows/{workflow_id}/versions/{number}/readiness", { params, signal }));
    },
    staleTime: 0,
  });
}

function useMoved<Given>(workflowId: string, move: (given: Given) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: move,
    onSettled: () => queries.invalidateQueries({ queryKey: liveKey(workflowId) }),
  });
}

export const usePromote = (workflowId: string) =>
  useMoved(
    workflowId,
    ({ number, environment, emergency }: { number: number; environment: string; emergency: boolean }) => {
      const params = { path: { workflow_id: workflowId, number }, query: { environment, emergency } };
      return dataOf(client.POST("/api/workflows/{workflow_id}/versions/{number}/publish", { params }));
    },
  );

export const useTakeDown = (workflowId: string) =>
  useMoved(workflowId, (environment: string) => {
    const params = { path: { workflow_id: workflowId, environment } };
    return dataOf(client.DELETE("/api/workflows/{workflow_id}/environments/{environment}", { params }));
  });

export const useSwitchLive = (workflowId: string) =>
  useMoved(workflowId, ({ environment, enabled }: { environment: string; enabled: boolean }) => {
    const params = { path: { workflow_id: workflowId, environment } };
    return dataOf(client.PUT("/api/workflows/{workflow_id}/environments/{environment}", { params, body: { enabled } }));
  });

export function useMappings() {
  return useQuery({
    queryKey: MAPPINGS,
    queryFn: async ({ signal }) => (await dataOf(client.GET("/api/credentials/mappings", { signal }))).items,
  });
}

export function useMapCredential(credentialId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ environment, mappedId }: { environment: string; mappedId: string | null }) => {
      const params = { path: { credential_id: credentialId, environment } };
      const body = { credentialId: mappedId };
      return dataOf(client.PUT("/api/credentials/{credential_id}/mappings/{environment}", { params, body }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: MAPPINGS }),
  });
}

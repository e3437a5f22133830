/** API keys and service accounts. Routes, and their query hooks. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type ApiKey = Schemas["ApiKeyResponse"];
export type ApiKeyMade = Schemas["ApiKeyMade"];
export type ApiKeyRequest = Schemas["ApiKeyRequest"];
export type ServiceAccount = Schemas["ServiceAccountResponse"];
export type ServiceRole = Schemas["ServiceAccountRequest"]["role"];

const KEYS = ["keys"] as const;
const SERVICES = ["service-accounts"] as const;

export function useApiKeys() {
  return useQuery({
    queryKey: KEYS,
    queryFn: async ({ signal }) => (await dataOf(client.GET("/api/keys", { signal }))).items,
  });
}

export function useServiceAccounts(enabled: boolean) {
  return useQuery({
    queryKey: SERVICES,
    enabled,
    queryFn: async ({ signal }) => (await dataOf(client.GET("/api/service-accounts", { signal }))).items,
  });
}

function useChange<Given, Answer>(change: (given: Given) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: KEYS });
      await queries.invalidateQueries({ queryKey: SERVICES });
    },
  });
}

export const useCreateApiKey = () => useChange((body: ApiKeyRequest) => dataOf(client.POST("/api/keys", { body })));

export const useRotateApiKey = () =>
  useChange(({ id, overlapHours }: { id: string; overlapHours: number }) =>
    dataOf(client.POST("/api/keys/{key_id}/rotate", { params: { path: { key_id: id } }, body: { overlapHours } })),
  );

export const useRevokeApiKey = () =>
  useChange((id: string) => dataOf(client.DELETE("/api/keys/{key_id}", { params: { path: { key_id: id } } })));

export const useCreateServiceAccount = () =>
  useChange((body: Schemas["ServiceAccountRequest"]) => dataOf(client.POST("/api/service-accounts", { body })));

export const useDeleteServiceAccount = () =>
  useChange((id: string) =>
    dataOf(
      client.DELETE("/api/service-accounts/{service_account_id}", { params: { path: { service_account_id: id } } }),
    ),
  );

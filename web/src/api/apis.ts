/** APIs that nodes ask, by their OpenAPI documents: routes and query hooks. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type ApiEntry = Schemas["ApiEntry"];
export type ApiOperation = Schemas["ApiOperationResponse"];
export type ApiDetails = Schemas["ApiResponse"];
export type ApiRequest = Schemas["ApiRequest"];
export type ApiChange = Schemas["ApiChangeRequest"];

const APIS = ["apis"] as const;

export function useApis() {
  return useQuery({ queryKey: APIS, queryFn: ({ signal }) => dataOf(client.GET("/api/apis", { signal })) });
}

export function useApi(id: string) {
  return useQuery({
    queryKey: [...APIS, id],
    queryFn: ({ signal }) => dataOf(client.GET("/api/apis/{api_id}", { params: { path: { api_id: id } }, signal })),
  });
}

/** What an operation takes and answers; nothing is asked for while either name is empty. */
export function useApiOperation(api: string, id: string) {
  return useQuery({
    queryKey: [...APIS, api, id],
    enabled: api !== "" && id !== "",
    queryFn: ({ signal }) =>
      dataOf(client.GET("/api/apis/{api_id}/operation", { params: { path: { api_id: api }, query: { id } }, signal })),
  });
}

export function useAddApi() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ApiRequest) => dataOf(client.POST("/api/apis", { body })),
    onSettled: () => queries.invalidateQueries({ queryKey: APIS }),
  });
}

export function useChangeApi(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ApiChange) =>
      dataOf(client.PUT("/api/apis/{api_id}", { params: { path: { api_id: id } }, body })),
    onSettled: () => queries.invalidateQueries({ queryKey: APIS }),
  });
}

export function useDeleteApi() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => dataOf(client.DELETE("/api/apis/{api_id}", { params: { path: { api_id: id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: APIS }),
  });
}

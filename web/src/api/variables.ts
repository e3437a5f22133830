/** What workflows read as `$vars`: routes and query hooks. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Variable = Schemas["VariableResponse"];
export type VariableRequest = Schemas["VariableRequest"];

const VARIABLES = ["variables"] as const;

export function useVariables() {
  return useQuery({
    queryKey: VARIABLES,
    queryFn: ({ signal }) => dataOf(client.GET("/api/variables", { signal })),
  });
}

/** Makes a variable, or changes the one with an id. */
export function useSaveVariable() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, body }: { id?: string | undefined; body: VariableRequest }) =>
      id === undefined
        ? dataOf(client.POST("/api/variables", { body }))
        : dataOf(client.PUT("/api/variables/{variable_id}", { params: { path: { variable_id: id } }, body })),
    onSettled: () => queries.invalidateQueries({ queryKey: VARIABLES }),
  });
}

export function useDeleteVariable() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      dataOf(client.DELETE("/api/variables/{variable_id}", { params: { path: { variable_id: id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: VARIABLES }),
  });
}

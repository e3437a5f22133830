/** Taking data along, and going. Routes, and their query hooks. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import { logOut } from "./session";

const DELETION = ["deletion"] as const;

export function useDeletion() {
  return useQuery({
    queryKey: DELETION,
    queryFn: async ({ signal }) => (await dataOf(client.GET("/api/tenant/deletion", { signal }))).deleteAfter,
  });
}

export function useRequestDeletion() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => dataOf(client.POST("/api/tenant/deletion", { body: { name } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: DELETION }),
  });
}

export function useCancelDeletion() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => dataOf(client.DELETE("/api/tenant/deletion")),
    onSuccess: () => queries.invalidateQueries({ queryKey: DELETION }),
  });
}

/** What is kept of whoever is logged in, as JSON text. */
export async function exportMe(): Promise<string> {
  return JSON.stringify(await dataOf(client.GET("/api/me/export")), null, 2);
}

/** Deletes the account of whoever is logged in, and ends the session here. */
export async function deleteMe(password: string): Promise<void> {
  await dataOf(client.POST("/api/me/delete", { body: { password } }));
  await logOut();
}

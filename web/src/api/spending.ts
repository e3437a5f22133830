/** What language models cost, and the workspace's budget for them. Routes, and their query hooks. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import type { components } from "./schema";

export type Spending = components["schemas"]["SpendingResponse"];
const SPENDING = ["spending"] as const;

export function useSpending() {
  return useQuery({ queryKey: SPENDING, queryFn: ({ signal }) => dataOf(client.GET("/api/spending", { signal })) });
}

export const useSetBudget = () =>
  useMutation({
    mutationFn: (body: { monthMoney: string | null; monthTokens: number | null }) =>
      dataOf(client.PUT("/api/spending/budget", { body })),
    onSuccess: (spending, _, __, { client: queries }) => queries.setQueryData(SPENDING, spending),
  });

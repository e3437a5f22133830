/** What language models cost: routes and query hooks. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type ModelPrice = Schemas["PriceResponse"];
export type PriceRequest = Schemas["PriceRequest"];
export type Rates = Schemas["Rates"];
export type Provider = PriceRequest["provider"];

const PRICES = ["models", "prices"] as const;

export function usePrices() {
  return useQuery({
    queryKey: PRICES,
    queryFn: ({ signal }) => dataOf(client.GET("/api/models/prices", { signal })),
  });
}

export function useSetPrice() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: PriceRequest) => dataOf(client.PUT("/api/models/prices", { body })),
    onSettled: () => queries.invalidateQueries({ queryKey: PRICES }),
  });
}

export function useDeletePrice() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (query: { provider: Provider; model: string }) =>
      dataOf(client.DELETE("/api/models/prices", { params: { query } })),
    onSettled: () => queries.invalidateQueries({ queryKey: PRICES }),
  });
}

/** Alerts, rules, what those said, how workflows are, and the status page: routes and query hooks. */

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, dataOf, openClient } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Alert = Schemas["AlertResponse"];
export type Rule = Schemas["RuleResponse"];
export type RuleRequest = Schemas["RuleRequest"];
export type Condition = RuleRequest["condition"];
export type Target = RuleRequest["targets"][number];
export type Health = Schemas["WorkflowHealthResponse"];
export type Delivery = Schemas["DeliveryResponse"];
export type AlertState = "open" | "resolved";

const ALERTS = ["alerts"] as const;
/** Rules look once a minute: a page that stays open asks as often. */
const AGAIN_MS = 30_000;

export function useAlerts(state: AlertState) {
  return useInfiniteQuery({
    queryKey: [...ALERTS, state],
    queryFn: ({ pageParam, signal }) => {
      const query = { state, ...(pageParam ? { cursor: pageParam } : {}) };
      return dataOf(client.GET("/api/alerts", { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor ?? null,
    refetchInterval: AGAIN_MS,
  });
}

/** How many alerts are open, of what one sees; asked again now and then, for nothing tells of them. */
export function useOpenAlerts(): number {
  const query = useQuery({
    queryKey: [...ALERTS, "count"],
    queryFn: ({ signal }) =>
      dataOf(client.GET("/api/alerts", { params: { query: { state: "open", limit: 1 } }, signal })),
    select: (page) => page.open,
    refetchInterval: 2 * AGAIN_MS,
  });
  return query.data ?? 0;
}

export function useRules() {
  return useQuery({
    queryKey: [...ALERTS, "rules"],
    queryFn: ({ signal }) => dataOf(client.GET("/api/alert-rules", { signal })),
    refetchInterval: AGAIN_MS,
  });
}

export function useDeliveries(id: string) {
  return useQuery({
    queryKey: [...ALERTS, "deliveries", id],
    queryFn: async ({ signal }) => {
      const params = { path: { rule_id: id } };
      return (await dataOf(client.GET("/api/alert-rules/{rule_id}/deliveries", { params, signal }))).items;
    },
  });
}

export function useStatus() {
  return useQuery({
    queryKey: [...ALERTS, "status"],
    queryFn: ({ signal }) => dataOf(client.GET("/api/status", { signal })),
    refetchInterval: AGAIN_MS,
  });
}

export function useStatusPage() {
  return useQuery({
    queryKey: [...ALERTS, "page"],
    queryFn: ({ signal }) => dataOf(client.GET("/api/status-page", { signal })),
  });
}

/** A status page, by its link's token. */
export function useSharedStatus(token: string) {
  return useQuery({
    queryKey: ["shared-status", token],
    queryFn: ({ signal }) =>
      dataOf(openClient.GET("/api/shared-status/{token}", { params: { path: { token } }, signal })),
    refetchInterval: 2 * AGAIN_MS,
  });
}

function useChanged<Given, Result>(change: (given: Given) => Promise<Result>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries({ queryKey: ALERTS }) });
}

export const useAcknowledge = () =>
  useChanged((id: string) =>
    dataOf(client.POST("/api/alerts/{alert_id}/acknowledge", { params: { path: { alert_id: id } } })),
  );

export const useResolveAlert = () =>
  useChanged((id: string) =>
    dataOf(client.POST("/api/alerts/{alert_id}/resolve", { params: { path: { alert_id: id } } })),
  );

export const useSaveRule = () =>
  useChanged(({ id, body }: { id?: string; body: RuleRequest }) =>
    id
      ? dataOf(client.PUT("/api/alert-rules/{rule_id}", { params: { path: { rule_id: id } }, body }))
      : dataOf(client.POST("/api/alert-rules", { body })),
  );

export const useDeleteRule = () =>
  useChanged((id: string) =>
    dataOf(client.DELETE("/api/alert-rules/{rule_id}", { params: { path: { rule_id: id } } })),
  );

export const useTestRule = () =>
  useChanged(async (id: string) => {
    const params = { path: { rule_id: id } };
    return (await dataOf(client.POST("/api/alert-rules/{rule_id}/test", { params }))).items;
  });

export const useSaveStatusPage = () =>
  useChanged((body: Schemas["StatusPageRequest"]) => dataOf(client.PUT("/api/status-page", { body })));

export const useShareStatusPage = () => useChanged(() => dataOf(client.POST("/api/status-page/link")));

export const useUnshareStatusPage = () => useChanged(() => dataOf(client.DELETE("/api/status-page/link")));

/** Figures over time, error groups, and what runs save. Routes, and their query hooks. */

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import type { components, operations } from "./schema";

type Schemas = components["schemas"];
export type Analytics = Schemas["AnalyticsResponse"];
export type Figures = Schemas["FiguresResponse"];
export type Point = Schemas["PointResponse"];
export type Ranked = Schemas["RankedResponse"];
export type ErrorGroup = Schemas["ErrorGroupResponse"];
export type AnalyticsQuery = NonNullable<operations["getAnalytics"]["parameters"]["query"]>;
export type Sort = NonNullable<NonNullable<operations["rankNodes"]["parameters"]["query"]>["sort"]>;
export type ErrorState = NonNullable<NonNullable<operations["listErrorGroups"]["parameters"]["query"]>["state"]>;

const ALL = ["analytics"] as const;
const GROUPS = [...ALL, "errors"] as const;
/** Figures change by the minute: a page that stays open asks again. */
const AGAIN_MS = 60_000;

export function useAnalytics(query: AnalyticsQuery) {
  return useQuery({
    queryKey: [...ALL, "overview", query],
    queryFn: ({ signal }) => dataOf(client.GET("/api/analytics", { params: { query }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
  });
}

export function useRanking(what: "workflows" | "nodes", query: AnalyticsQuery, sort: Sort) {
  return useQuery({
    queryKey: [...ALL, what, query, sort],
    queryFn: async ({ signal }) => {
      const asked = { params: { query: { ...query, sort } }, signal };
      const path = what === "nodes" ? "/api/analytics/nodes" : "/api/analytics/workflows";
      return (await dataOf(client.GET(path, asked))).items;
    },
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
  });
}

export function useErrorGroups(query: AnalyticsQuery, state: ErrorState) {
  return useQuery({
    queryKey: [...GROUPS, query, state],
    queryFn: async ({ signal }) =>
      (await dataOf(client.GET("/api/analytics/errors", { params: { query: { ...query, state } }, signal }))).items,
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
  });
}

/** The last executions that had a fault. */
export function useExamples(id: string) {
  return useQuery({
    queryKey: [...ALL, "examples", id],
    queryFn: async ({ signal }) => {
      const asked = { params: { path: { group_id: id } }, signal };
      return (await dataOf(client.GET("/api/analytics/errors/{group_id}", asked))).examples;
    },
  });
}

export const useResolve = () =>
  useMutation({
    mutationFn: ({ id, resolved }: { id: string; resolved: boolean }) =>
      dataOf(
        client.PUT("/api/analytics/errors/{group_id}", { params: { path: { group_id: id } }, body: { resolved } }),
      ),
    onSuccess: (_, __, ___, { client: queries }) => queries.invalidateQueries({ queryKey: GROUPS }),
  });

export const useSetTimeSaved = () =>
  useMutation({
    mutationFn: ({ workflowId, minutes }: { workflowId: string; minutes: number | null }) =>
      dataOf(
        client.PUT("/api/workflows/{workflow_id}/time-saved", {
          params: { path: { workflow_id: workflowId } },
          body: { minutes },
        }),
      ),
    onSuccess: (_, __, ___, { client: queries }) => queries.invalidateQueries({ queryKey: ALL }),
  });

export const useRebuild = () =>
  useMutation({
    mutationFn: () => dataOf(client.POST("/api/analytics/rebuild")),
    onSuccess: (_, __, ___, { client: queries }) => queries.invalidateQueries({ queryKey: ALL }),
  });

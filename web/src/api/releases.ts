/** Releases: what somebody asks to make live, and what somebody else says to it. Routes and query hooks. */

import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import type { Said } from "./endpoints";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Release = Schemas["ReleaseResponse"];
export type Decision = Schemas["ReleaseDecision"]["decision"];

const RELEASES = ["releases"] as const;
const WAITING = queryOptions({
  queryKey: [...RELEASES, "waiting"],
  queryFn: async ({ signal }) =>
    (await dataOf(client.GET("/api/releases", { params: { query: { state: "waiting" } }, signal }))).items,
});

/** What waits for an approval, of all workflows that one sees. */
export function useWaiting() {
  return useQuery({ ...WAITING, staleTime: 0 });
}

/** How many versions wait for the word of whoever is logged in; asked again now and then. */
export function useReleasesToDecide(): number {
  const query = useQuery({
    ...WAITING,
    select: (items) => items.filter((release) => release.canDecide).length,
    refetchInterval: 60_000,
  });
  return query.data ?? 0;
}

/** All that was asked for of a workflow, the latest first. */
export function useReleases(workflowId: string) {
  return useQuery({
    queryKey: [...RELEASES, "of", workflowId],
    queryFn: async ({ signal }) =>
      (await dataOf(client.GET("/api/releases", { params: { query: { workflowId } }, signal }))).items,
    staleTime: 0,
  });
}

/** What is to go live: without a number the draft, which goes to the first environment. */
export interface Asked extends Said {
  number?: number;
  environment?: string;
}

export const askForRelease = (workflowId: string, { name = "", note = "", ...what }: Asked) =>
  dataOf(
    client.POST("/api/workflows/{workflow_id}/releases", {
      params: { path: { workflow_id: workflowId } },
      body: { name, note, ...what },
    }),
  );

export function useAskForRelease(workflowId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (asked: Asked) => askForRelease(workflowId, asked),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: RELEASES }),
        queries.invalidateQueries({ queryKey: ["versions", workflowId] }),
      ]),
  });
}

export function useDecideRelease(workflowId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, decision, comment = "" }: { id: string; decision: Decision; comment?: string }) => {
      const params = { path: { workflow_id: workflowId, release_id: id } };
      const body = { decision, comment };
      return dataOf(client.POST("/api/workflows/{workflow_id}/releases/{release_id}/decision", { params, body }));
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: RELEASES }),
        queries.invalidateQueries({ queryKey: ["live", workflowId] }),
      ]),
  });
}

/** What models remember of talks. Routes, and their query hooks. */

import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type TalkSummary = Schemas["TalkSummary"];
export type TalkMessage = Schemas["TalkMessage"];

const TALKS = ["memory", "talks"] as const;
const ofTalk = (id: string) => ({ path: { talk_id: id } });

export function useTalks(search: string) {
  return useInfiniteQuery({
    queryKey: [...TALKS, "list", search],
    queryFn: ({ pageParam, signal }) => {
      const query = { search, ...(pageParam ? { cursor: pageParam } : {}) };
      return dataOf(client.GET("/api/memory/talks", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useTalk(id: string) {
  return useQuery({
    queryKey: [...TALKS, id],
    queryFn: ({ signal }) => dataOf(client.GET("/api/memory/talks/{talk_id}", { params: ofTalk(id), signal })),
  });
}

/** The messages of a talk, page by page from the newest; each page is oldest first. */
export function useTalkMessages(id: string) {
  return useInfiniteQuery({
    queryKey: [...TALKS, id, "messages"],
    queryFn: ({ pageParam, signal }) => {
      const query = pageParam === null ? {} : { before: pageParam };
      return dataOf(client.GET("/api/memory/talks/{talk_id}/messages", { params: { ...ofTalk(id), query }, signal }));
    },
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextBefore ?? undefined,
  });
}

export function useDeleteTalks() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[]) => dataOf(client.POST("/api/memory/talks/delete", { body: { ids } })),
    onSettled: () => queries.invalidateQueries({ queryKey: TALKS }),
  });
}

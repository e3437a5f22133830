/** Who did what. Routes, and their query hooks. */

import { keepPreviousData, useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type AuditEntry = Schemas["AuditEntry"];

export interface AuditFilter {
  search: string;
  action: string;
  /** From this moment on; empty for all. */
  since: string;
}

const asked = ({ search, action, since }: AuditFilter) => ({ search, action, ...(since ? { since } : {}) });

export function useAudit(filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...asked(filter), ...(pageParam ? { cursor: pageParam } : {}) };
      return dataOf(client.GET("/api/audit", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** Has the server compute the chain again. */
export function useVerifyAudit() {
  return useMutation({ mutationFn: () => dataOf(client.GET("/api/audit/verify")) });
}

/** All entries that a filter leaves, as one text. */
export async function exportAudit(filter: AuditFilter, format: "jsonl" | "csv"): Promise<string> {
  const parts: string[] = [];
  let before: number | null = null;
  do {
    const query: Record<string, unknown> = { ...asked(filter), format, ...(before === null ? {} : { before }) };
    const page: Schemas["AuditExport"] = await dataOf(client.GET("/api/audit/export", { params: { query } }));
    parts.push(page.text);
    before = page.nextBefore;
  } while (before !== null);
  return parts.join("");
}

/** The events of an execution, as far as attempts are told by them. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import type { ExecutionEvent } from "./types";

const PAGE = 1000;
/** Of longer runs the first events are read. */
const LIMIT = 10_000;

async function listEvents(id: string, signal: AbortSignal): Promise<ExecutionEvent[]> {
  const events: ExecutionEvent[] = [];
  for (let after = 0; events.length < LIMIT; ) {
    const params = { path: { execution_id: id }, query: { after, limit: PAGE } };
    const page = await dataOf(client.GET("/api/executions/{execution_id}/events", { params, signal }));
    const found = page.items as unknown as ExecutionEvent[];
    events.push(...found);
    const last = found.at(-1);
    if (!last || found.length < PAGE) break;
    after = last.seq;
  }
  return events;
}

/** An execution's events. `version` changes when what is looked for in them does. */
export function useEvents(executionId: string, version: string, enabled: boolean) {
  return useQuery({
    queryKey: ["events", executionId, version],
    queryFn: ({ signal }) => listEvents(executionId, signal),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    enabled,
  });
}

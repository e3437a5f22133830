import { useMemo } from "react";
import { useSearchParams } from "react-router";
import type { ExecutionFilter } from "../../api/endpoints";

/** Spans of time to choose from, in hours. */
export const SPANS = { hour: 1, day: 24, week: 168, month: 720 };
export type Span = keyof typeof SPANS;

/** What the address asks for; the same object while it asks for the same. */
export function useFilter(): ExecutionFilter {
  const [params] = useSearchParams();
  const [workflowId, status, trigger, error, since] = ["workflow", "status", "trigger", "error", "since"].map(
    (name) => params.get(name) ?? "",
  ) as [string, string, string, string, string];
  const from = useMoment(since);
  return useMemo(() => ({ workflowId, status, trigger, error, from }), [workflowId, status, trigger, error, from]);
}

/** The moment so long ago, fixed while the choice stays, so that pages fit together. */
function useMoment(span: string): string {
  return useMemo(() => {
    const hours = SPANS[span as Span];
    return hours ? new Date(Date.now() - hours * 3_600_000).toISOString() : "";
  }, [span]);
}

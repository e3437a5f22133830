import { useMemo } from "react";
import { useSearchParams } from "react-router";
import type { ExecutionFilter } from "../../api/endpoints";

/** Spans of time to choose from, in hours. */
export const SPANS = { hour: 1, day: 24, week: 168, month: 720 };
export type Span = keyof typeof SPANS;

/** Sums to choose from, in US dollars. */
export const COSTS = ["0.01", "0.1", "1", "10"];
const NAMES = ["workflow", "status", "trigger", "error", "since", "cost", "environment"];
type Values = [string, string, string, string, string, string, string];

/** What the address asks for; the same object while it asks for the same. */
export function useFilter(): ExecutionFilter {
  const [params] = useSearchParams();
  const [workflowId, status, trigger, error, since, cost, environment] = NAMES.map(
    (name) => params.get(name) ?? "",
  ) as Values;
  const from = useMoment(since);
  const minCost = COSTS.includes(cost) ? cost : "";
  return useMemo(
    () => ({ workflowId, status, trigger, error, from, minCost, environment }),
    [workflowId, status, trigger, error, from, minCost, environment],
  );
}

/** The moment so long ago, fixed while the choice stays, so that pages fit together. */
function useMoment(span: string): string {
  return useMemo(() => {
    const hours = SPANS[span as Span];
    return hours ? new Date(Date.now() - hours * 3_600_000).toISOString() : "";
  }, [span]);
}

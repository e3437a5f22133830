/** The list of executions as pages, and how news are put into it. Pure. */

import type { ExecutionFilter } from "../../api/endpoints";
import type { Execution, Page } from "../../api/types";

type Pages = readonly Page<Execution>[];

/** Whether the list that `filter` asks for has an execution. */
export function fits(execution: Execution, filter: ExecutionFilter): boolean {
  const { error } = execution;
  if (filter.workflowId && execution.workflowId !== filter.workflowId) return false;
  if (filter.status && !filter.status.split(",").includes(execution.status)) return false;
  if (filter.environment && execution.environment !== filter.environment) return false;
  if (filter.trigger && execution.trigger !== filter.trigger) return false;
  if (filter.from && Date.parse(execution.startedAt) < Date.parse(filter.from)) return false;
  if (filter.minCost && !(Number(execution.cost?.money.USD ?? 0) >= Number(filter.minCost))) return false;
  if (!filter.error) return true;
  return error !== null && `${error.type} ${error.message}`.toLowerCase().includes(filter.error.toLowerCase());
}

/** Whether `one` stands before `other`: the latest start first, then the greater id. */
export function isBefore(one: Execution, other: Execution): boolean {
  const by = Date.parse(one.startedAt) - Date.parse(other.startedAt);
  return by > 0 || (by === 0 && one.id > other.id);
}

/** The list with executions that it has already as they are now; the same list where it has none of them. */
export function updated(pages: Pages, news: ReadonlyMap<string, Execution>): Pages {
  let changed = false;
  const next = pages.map((page) => {
    if (!page.items.some(({ id }) => news.has(id))) return page;
    changed = true;
    return { ...page, items: page.items.map((execution) => news.get(execution.id) ?? execution) };
  });
  return changed ? next : pages;
}

/** Those of the news that the list does not have, that it asks for, and whose place is in what has been loaded. */
export function added(pages: Pages, news: Iterable<Execution>, filter: ExecutionFilter): Execution[] {
  const known = new Set(pages.flatMap((page) => page.items.map(({ id }) => id)));
  const last = pages.at(-1)?.items.at(-1);
  const whole = pages.at(-1)?.nextCursor == null;
  return [...news].filter(
    (execution) => !known.has(execution.id) && fits(execution, filter) && (whole || !last || isBefore(execution, last)),
  );
}

/** The list with executions that it did not have, each in its place. */
export function inserted(pages: Pages, executions: readonly Execution[]): Pages {
  const next = pages.map((page) => ({ ...page, items: [...page.items] }));
  for (const execution of executions) {
    const page = next.find(({ items }) => items.some((other) => isBefore(execution, other))) ?? next.at(-1);
    if (!page) continue;
    const at = page.items.findIndex((other) => isBefore(execution, other));
    page.items.splice(at < 0 ? page.items.length : at, 0, execution);
  }
  return next;
}

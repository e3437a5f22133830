import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { ExecutionFilter } from "../../api/endpoints";
import { executionsKey, keys, useExecutions } from "../../api/queries";
import { useSession } from "../../api/session";
import type { Execution, Page } from "../../api/types";
import { useExecutionNews } from "../../live/live";
import { added, inserted, updated } from "./list";

type List = InfiniteData<Page<Execution>, string | null>;

/** News are put into the list together, this often: where much runs each start and each end is one. */
const NEWS_MS = 300;
/** From so many on, the list that follows what happens is asked for anew instead of growing for ever. */
const MOST_FOLLOWED = 400;
/** Executions that the list shows before somebody asks for more. */
const PAGE = 50;

/**
 * The executions that a filter asks for, live. Those that are shown change in place. New ones come in by themselves while
 * `following`; else they wait, so that nothing moves under the reader, until `showNew`.
 */
export function useExecutionList(filter: ExecutionFilter, following: boolean) {
  const client = useQueryClient();
  const tenant = useSession((session) => session.tenant?.id);
  const query = useExecutions(filter);
  const [waiting, setWaiting] = useState<ReadonlyMap<string, Execution>>(new Map());
  const [wanted, setWanted] = useState(PAGE);
  const name = JSON.stringify(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter is another list.
  useEffect(() => {
    setWaiting(new Map());
    setWanted(PAGE);
  }, [name]);

  const put = useCallback(
    (change: (pages: readonly Page<Execution>[]) => readonly Page<Execution>[]) => {
      client.setQueryData<List>(executionsKey(filter), (list) => {
        if (!list) return list;
        const pages = change(list.pages);
        return pages === list.pages ? list : { ...list, pages: [...pages] };
      });
    },
    [client, filter],
  );

  const news = useRef(new Map<string, Execution>());
  const timer = useRef(0);
  const latest = useRef({ filter, following, put });
  latest.current = { filter, following, put };
  const flush = useCallback(() => {
    const now = latest.current;
    const list = client.getQueryData<List>(executionsKey(now.filter));
    if (!list || client.isFetching({ queryKey: executionsKey(now.filter) }) > 0) {
      // What is on its way may have been read before this happened.
      timer.current = window.setTimeout(flush, NEWS_MS);
      return;
    }
    timer.current = 0;
    const heard = news.current;
    news.current = new Map();
    const fresh = added(list.pages, heard.values(), now.filter);
    now.put((pages) => updated(pages, heard));
    if (now.following) now.put((pages) => (fresh.length > 0 ? inserted(pages, fresh) : pages));
    else setWaiting((before) => merged(before, heard, fresh));
  }, [client]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const heard = useCallback(
    (execution?: Execution) => {
      if (!execution) {
        void client.invalidateQueries({ queryKey: keys.executions });
        return;
      }
      news.current.set(execution.id, execution);
      timer.current ||= window.setTimeout(flush, NEWS_MS);
    },
    [client, flush],
  );
  useExecutionNews(tenant ? `tenant:${tenant}` : null, heard);

  const showNew = useCallback(() => {
    put((pages) => inserted(pages, added(pages, waiting.values(), filter)));
    setWaiting(new Map());
  }, [put, waiting, filter]);
  useEffect(() => {
    if (following && waiting.size > 0) showNew();
  }, [following, waiting, showNew]);

  const pages = query.data?.pages;
  const executions = useMemo(() => pages?.flatMap(({ items }) => items) ?? [], [pages]);
  const tooMany = following && pages?.length === 1 && executions.length > MOST_FOLLOWED;
  useEffect(() => {
    if (tooMany) void client.invalidateQueries({ queryKey: executionsKey(latest.current.filter) });
  }, [tooMany, client]);

  // A text is looked for in so many errors at a time: go on until there is a page of them, or no more.
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  const searching = Boolean(filter.error || filter.minCost) && hasNextPage && !isError && executions.length < wanted;
  useEffect(() => {
    if (searching && !isFetching) void fetchNextPage();
  }, [searching, isFetching, fetchNextPage]);
  const loadMore = () => {
    setWanted(executions.length + PAGE);
    void fetchNextPage();
  };
  return { query, executions, waiting: waiting.size, showNew, searching, loadMore };
}

/** Those that wait, as they are now, and those that are new. */
function merged(
  before: ReadonlyMap<string, Execution>,
  heard: ReadonlyMap<string, Execution>,
  fresh: readonly Execution[],
): ReadonlyMap<string, Execution> {
  const next = new Map<string, Execution>();
  for (const [id, execution] of before) next.set(id, heard.get(id) ?? execution);
  for (const execution of fresh) next.set(execution.id, execution);
  return next;
}

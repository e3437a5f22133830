import { useInfiniteQuery } from "@tanstack/react-query";
import { useContext, useRef } from "react";
import { listOptions } from "../../api/endpoints";
import { ApiError } from "../../api/problem";
import { workflowHere } from "../../api/projects";
import { keys } from "../../api/queries";
import type { OptionsFrom } from "../../graph/catalogue";
import { strings } from "../../strings";
import { useSettled } from "../../ui/useSettled";
import { type Choice, fieldName, needOf, ofWorkflow, told } from "./asking";
import { NodeFormContext } from "./nodeForm";

export interface Choices {
  /** What must be done first; null where nothing must. */
  need: string | null;
  /** Undefined until they are there. */
  found: readonly Choice[] | undefined;
  loading: boolean;
  /** Why there are none; null where there is no reason. */
  error: string | null;
  /** Whether a page follows; `more` loads it. */
  hasMore: boolean;
  loadingMore: boolean;
  moreFailed: boolean;
  /** Whether the provider has more than it tells. */
  cut: boolean;
  more(): void;
  reload(): void;
}

/** What is said at the field: the provider's own words, where they came through. */
const wordsOf = (error: unknown): string =>
  error instanceof ApiError ? error.detail || error.title : strings.options.failed;

const NONE = { loader: "", needs: [] };

/**
 * The choices of a field, as its provider has them. They are loaded where they are `wanted`, for the other fields as they
 * are now, and again when one of those changes.
 */
export function useOptions(from: OptionsFrom | undefined, path: string, search: string, wanted: boolean): Choices {
  const form = useContext(NodeFormContext);
  const anew = useRef(false);
  const source = from ?? NONE;
  const need = form ? needOf(source, form.schema, form.params) : null;
  const params = form ? told(source, form.schema, form.params) : {};
  const field = fieldName(path);
  const fresh = form !== null && ofWorkflow(source, form.schema);
  // Of a table whose name is being written nobody wants the columns.
  const now = JSON.stringify(params);
  const settled = useSettled(now) === now;
  const subject = [...keys.options, workflowHere(), form?.type, form?.version, field, params];
  const query = useInfiniteQuery({
    queryKey: [...subject, search],
    queryFn: ({ pageParam, signal }) => {
      const reload = anew.current && pageParam === null;
      if (reload) anew.current = false;
      const workflowId = workflowHere() ?? null;
      const asked = { version: form?.version ?? 1, field, params, search, page: pageParam, reload, workflowId };
      return listOptions(form?.type ?? "", asked, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: from !== undefined && form !== null && wanted && need === null && settled,
    // While a search is on its way, what the one before found; but nothing of another table, or another account.
    placeholderData: (before, former) =>
      JSON.stringify(former?.queryKey.slice(0, -1)) === JSON.stringify(subject) ? before : undefined,
    staleTime: fresh ? 0 : 60_000,
    // The provider has said why; whoever reads it decides when to ask again.
    retry: false,
    refetchOnWindowFocus: fresh,
    refetchOnReconnect: false,
  });
  const failed = query.isError && !query.isFetchNextPageError && !query.isFetching;
  return {
    need,
    found: need === null ? query.data?.pages.flatMap((page) => page.options) : undefined,
    loading: wanted && need === null && (!settled || (query.isFetching && !query.isFetchingNextPage)),
    error: failed && need === null ? wordsOf(query.error) : null,
    hasMore: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    moreFailed: query.isFetchNextPageError,
    cut: query.data?.pages.some((page) => page.cut) ?? false,
    more: () => {
      if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
    },
    reload: () => {
      anew.current = true;
      void query.refetch();
    },
  };
}

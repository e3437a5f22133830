import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { useSession } from "../api/session";
import { useExecutionNews } from "./live";

/** At most this often: where much runs, every start and every end is news. */
const NEWS_MS = 1000;

/** Has what a query holds asked for again when an execution of the tenant starts, waits for somebody, or ends. */
export function useStaleOnNews(queryKey: readonly unknown[]): void {
  const tenant = useSession((session) => session.tenant?.id);
  const client = useQueryClient();
  const timer = useRef(0);
  const latest = useRef(queryKey);
  latest.current = queryKey;
  const heard = useCallback(() => {
    timer.current ||= window.setTimeout(() => {
      timer.current = 0;
      void client.invalidateQueries({ queryKey: latest.current });
    }, NEWS_MS);
  }, [client]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = 0;
    },
    [],
  );
  useExecutionNews(tenant ? `tenant:${tenant}` : null, heard);
}

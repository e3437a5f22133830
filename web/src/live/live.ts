/** The tab's live connection, wired to the browser, and hooks on it. */

import { useEffect, useSyncExternalStore } from "react";
import { liveTicket } from "../api/endpoints";
import { useSession } from "../api/session";
import type { Execution } from "../api/types";
import { LiveConnection, type LiveSocket, type LiveStatus } from "./connection";

async function address(): Promise<string> {
  const { ticket, url } = await liveTicket();
  const target = new URL(url || "/live", window.location.href);
  if (target.protocol === "http:") target.protocol = "ws:";
  if (target.protocol === "https:") target.protocol = "wss:";
  target.searchParams.set("ticket", ticket);
  return target.href;
}

export const live = new LiveConnection({
  address,
  socket: (url) => new WebSocket(url) as LiveSocket,
  random: Math.random,
});

/** Comes back at once when the network does, when the tab is looked at, and when the session was renewed. */
export function watchBrowser(): void {
  window.addEventListener("online", () => live.wake());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") live.wake();
  });
  useSession.subscribe((session, before) => {
    if (session.state === "signedOut") live.close();
    else if (session.state === "signedIn" && before.state === "expired") live.wake();
  });
}

export function useLiveStatus(): LiveStatus {
  return useSyncExternalStore(
    (changed) => live.watch(changed),
    () => live.status,
  );
}

/**
 * Calls `heard` when an execution of the tenant, or of one workflow, starts or ends, with how it stands then; and without one
 * when news may have been missed.
 */
export function useExecutionNews(channel: string | null, heard: (execution?: Execution) => void): void {
  useEffect(() => {
    if (!channel) return;
    return live.subscribe(channel, null, { execution: heard, missed: () => heard() });
  }, [channel, heard]);
}

/**
 * Who is signed in. The access token lives in memory only; the refresh token is an HttpOnly cookie that this code never
 * sees. When the session ends in the middle of work the app stays as it is and asks for the password again.
 */

import { create } from "zustand";
import { ask } from "./ask";
import { ApiError, checked } from "./problem";
import { sensible } from "./shape";
import type { Session, Tenant, User } from "./types";

export type SessionState = "unknown" | "signedIn" | "signedOut" | "expired";

interface SessionStore {
  state: SessionState;
  user: User | null;
  tenant: Tenant | null;
}

export const useSession = create<SessionStore>(() => ({ state: "unknown", user: null, tenant: null }));

let accessToken: string | null = null;
let expiresAt = 0;
let refreshing: Promise<boolean> | null = null;

/** Renew this long before the token's end, so that no request meets an old one. */
const MARGIN_MS = 30_000;

/** Goes on with a session that the API gave. */
export function accept(session: Session): void {
  accessToken = session.accessToken;
  expiresAt = Date.now() + session.expiresIn * 1000;
  useSession.setState({ state: "signedIn", user: session.user, tenant: session.tenant });
}

function post(path: string, body?: unknown): Promise<Response> {
  const json =
    body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const address = new URL(`/api${path}`, window.location.origin);
  return ask(new Request(address, { method: "POST", credentials: "same-origin", ...json }));
}

async function sessionOf(path: string, response: Response): Promise<Session> {
  const { status } = await checked(response);
  return sensible(`POST /api${path}`, status, await response.text()) as Session;
}

export async function logIn(email: string, password: string): Promise<void> {
  accept(await sessionOf("/auth/login", await post("/auth/login", { email, password })));
}

export interface Registration {
  email: string;
  password: string;
  name: string;
  tenantName: string;
}

export async function register(registration: Registration): Promise<void> {
  accept(await sessionOf("/auth/register", await post("/auth/register", registration)));
}

export async function logOut(): Promise<void> {
  await post("/auth/logout").catch(() => undefined);
  accessToken = null;
  expiresAt = 0;
  useSession.setState({ state: "signedOut", user: null, tenant: null });
}

/** Two tabs that renew at once would look like a stolen cookie: one after the other. */
function exclusively<T>(work: () => Promise<T>): Promise<T> {
  return "locks" in navigator
    ? (navigator.locks.request("stepweave.refresh", async () => await work()) as Promise<T>)
    : work();
}

/** Renews the session with the cookie. False when the cookie no longer holds. Rejects when the API is not there. */
export function refresh(): Promise<boolean> {
  refreshing ??= exclusively(async () => {
    const response = await post("/auth/refresh");
    if (response.status === 401 || response.status === 403) {
      accessToken = null;
      expiresAt = 0;
      const known = useSession.getState().user !== null;
      useSession.setState({ state: known ? "expired" : "signedOut" });
      return false;
    }
    accept(await sessionOf("/auth/refresh", response));
    return true;
  }).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** A token to send with a request, renewed where it is about to end. */
export async function currentToken(): Promise<string> {
  if (accessToken === null || Date.now() > expiresAt - MARGIN_MS) {
    if (!(await refresh())) throw new ApiError("signedOut", 401, {});
  }
  return accessToken ?? "";
}

/** For tests: forgets everything. */
export function forgetSession(): void {
  accessToken = null;
  expiresAt = 0;
  refreshing = null;
  useSession.setState({ state: "unknown", user: null, tenant: null });
}

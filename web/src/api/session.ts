/**
 * Who is signed in. The access token lives in memory only; the refresh token is an HttpOnly cookie that this code never
 * sees. When the session ends in the middle of work the app stays as it is and asks for the password again.
 */

import { create } from "zustand";
import { ask } from "./ask";
import { ApiError, checked } from "./problem";
import type { components } from "./schema";
import { sensible } from "./shape";
import type { Session, Tenant, User } from "./types";

type Schemas = components["schemas"];

export type SessionState = "unknown" | "signedIn" | "signedOut" | "expired";

interface SessionStore {
  state: SessionState;
  user: User | null;
  tenant: Tenant | null;
  /** The workspace asks for a second factor, and there is none yet: nothing else works until it is set up. */
  factorMissing: boolean;
  /** The workspace lets its members in by its identity provider only, and this session began otherwise. */
  providerOnly: boolean;
}

export const useSession = create<SessionStore>(() => ({
  state: "unknown",
  user: null,
  tenant: null,
  factorMissing: false,
  providerOnly: false,
}));

let accessToken: string | null = null;
let expiresAt = 0;
let refreshing: Promise<boolean> | null = null;

/** Renew this long before the token's end, so that no request meets an old one. */
const MARGIN_MS = 30_000;

/** Goes on with a session that the API gave. */
export function accept(session: Session): void {
  accessToken = session.accessToken;
  expiresAt = Date.now() + session.expiresIn * 1000;
  const { user, tenant, secondFactorMissing: factorMissing, providerOnly } = session;
  const before = useSession.getState().tenant;
  // Another tab went to another workspace, and the cookie with it: what stands here is of the former one.
  if (before !== null && before.id !== tenant.id) window.location.assign("/");
  useSession.setState({ state: "signedIn", user, tenant, factorMissing, providerOnly });
}

function post(path: string, body?: unknown, keepalive = false): Promise<Response> {
  const json =
    body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const address = new URL(`/api${path}`, window.location.origin);
  return ask(new Request(address, { method: "POST", credentials: "same-origin", keepalive, ...json }));
}

async function sessionOf(path: string, response: Response): Promise<Session> {
  const { status } = await checked(response);
  return sensible(`POST /api${path}`, status, await response.text()) as Session;
}

export async function logIn(email: string, password: string): Promise<void> {
  accept(await sessionOf("/auth/login", await post("/auth/login", { email, password })));
}

/** Goes on with a log-in that asks for a second factor, or begins one with a passkey alone. */
export async function enter(path: "/auth/second-factor" | "/auth/passkey", body: unknown): Promise<void> {
  accept(await sessionOf(path, await post(path, body)));
}

/** Asks what may be asked before anybody is logged in. */
export async function postOpen(path: string, body: unknown): Promise<unknown> {
  return (await checked(await post(path, body))).json();
}

/** What a passkey is asked for before anybody is logged in. */
export async function passkeyOptions(path: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await checked(await post(path, body));
  return ((await response.json()) as { options: Record<string, unknown> }).options;
}

export interface Registration {
  email: string;
  password: string;
  name: string;
  tenantName: string;
}

/** Registers. `confirm` where a mail asks to confirm the address first. */
export async function register(registration: Registration): Promise<"confirm" | "signedIn"> {
  const response = await post("/auth/register", registration);
  if (response.status === 202) return "confirm";
  accept(await sessionOf("/auth/register", response));
  return "signedIn";
}

/** Confirms a registration with the token of its link, and logs in. */
export async function confirmRegistration(token: string, password: string): Promise<void> {
  accept(await sessionOf("/auth/confirm", await post("/auth/confirm", { token, password })));
}

/** What an invitation says, by the token of its link. */
export async function showInvitation(token: string): Promise<Schemas["InvitedResponse"]> {
  const response = await checked(await post("/auth/invitation", { token }));
  const text = await response.text();
  return sensible("POST /api/auth/invitation", response.status, text) as Schemas["InvitedResponse"];
}

/** Makes the account of somebody who was invited, and logs in. */
export async function registerInvited(token: string, name: string, password: string): Promise<void> {
  const path = "/auth/invitation/register";
  accept(await sessionOf(path, await post(path, { token, name, password })));
}

/** Asks for a mail that resets a password. Nobody learns whether there is an account. */
export async function askToReset(email: string): Promise<void> {
  await checked(await post("/auth/reset-mail", { email }));
}

export async function resetPassword(token: string, password: string): Promise<string> {
  return emailOf("/auth/reset", await post("/auth/reset", { token, password }));
}

export async function confirmEmail(token: string): Promise<string> {
  return emailOf("/auth/email", await post("/auth/email", { token }));
}

export async function undoEmail(token: string): Promise<string> {
  return emailOf("/auth/email/undo", await post("/auth/email/undo", { token }));
}

async function emailOf(path: string, response: Response): Promise<string> {
  const { status } = await checked(response);
  return (sensible(`POST /api${path}`, status, await response.text()) as { email: string }).email;
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
    // Kept alive when the page is left or loaded anew: else its answer would be lost, and with it the next cookie.
    const response = await post("/auth/refresh", undefined, true);
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

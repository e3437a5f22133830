/** What connecting a credential (OAuth2) is made of: whose it is, and what the provider's window tells. */

import type { Credential } from "../api/types";
import type { CredentialType } from "../graph/catalogue";

/** The channel on which the page that providers lead back to tells all windows of this origin (`api/pages.py`). */
export const CHANNEL = "stepweave-oauth2";

export interface Outcome {
  /** Empty where nobody knows which it was. */
  credentialId: string;
  connected: boolean;
  message: string;
}

/** Reads a message of the channel; null for anything else. */
export function readOutcome(data: unknown): Outcome | null {
  if (typeof data !== "object" || data === null) return null;
  const { credentialId, connected, message } = data as Record<string, unknown>;
  if (typeof credentialId !== "string" || typeof connected !== "boolean" || typeof message !== "string") return null;
  return { credentialId, connected, message };
}

/** Whether what was told is about this credential, for one that waits. */
export const concerns = (outcome: Outcome, id: string): boolean =>
  outcome.credentialId === id || (outcome.credentialId === "" && !outcome.connected);

export const needsPerson = (type: CredentialType | undefined): boolean => type?.oauth2?.grant === "authorization_code";

export type Connection = Exclude<Credential["connection"], "unneeded">;

/** How a credential is connected; null for one that needs no connecting. */
export const connectionOf = ({ connection }: Pick<Credential, "connection">): Connection | null =>
  connection === "unneeded" ? null : connection;

/** Where providers send people back to. */
export const redirectUrl = (origin: string): string => `${origin}/api/oauth2/callback`;

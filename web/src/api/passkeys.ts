/** The browser's passkeys (WebAuthn). Options and answers are JSON, as the API sends and takes them. */

import { strings } from "../strings";

type Json = Record<string, unknown>;

interface JsonCredentials {
  parseCreationOptionsFromJSON(options: Json): PublicKeyCredentialCreationOptions;
  parseRequestOptionsFromJSON(options: Json): PublicKeyCredentialRequestOptions;
}

/** What a passkey could not be used for; the message is for people. */
export class PasskeyError extends Error {}

export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential === "function" && "parseRequestOptionsFromJSON" in PublicKeyCredential;
}

/** Makes a passkey. Throws PasskeyError. */
export async function makePasskey(options: Json): Promise<Json> {
  return answered(() => navigator.credentials.create({ publicKey: browser().parseCreationOptionsFromJSON(options) }));
}

/** Has a passkey answer. Throws PasskeyError. */
export async function askPasskey(options: Json): Promise<Json> {
  return answered(() => navigator.credentials.get({ publicKey: browser().parseRequestOptionsFromJSON(options) }));
}

function browser(): JsonCredentials {
  if (!hasPasskeys()) throw new PasskeyError(strings.factors.unsupported);
  return PublicKeyCredential as unknown as JsonCredentials;
}

async function answered(ask: () => Promise<Credential | null>): Promise<Json> {
  try {
    const credential = await ask();
    if (credential !== null) return (credential as PublicKeyCredential).toJSON() as unknown as Json;
  } catch (error) {
    if (error instanceof PasskeyError) throw error;
    const name = error instanceof DOMException ? error.name : "";
    if (name === "InvalidStateError") throw new PasskeyError(strings.factors.known);
    if (name !== "NotAllowedError" && name !== "AbortError" && error instanceof Error) {
      throw new PasskeyError(`${strings.factors.givenUp} (${error.message})`);
    }
  }
  throw new PasskeyError(strings.factors.givenUp);
}

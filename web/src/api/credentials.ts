/** The API's routes of credentials. */

import { client, dataOf, given } from "./client";
import type {
  Credential,
  CredentialConnect,
  CredentialDetail,
  CredentialShare,
  CredentialUses,
  CredentialVerdict,
} from "./types";

export async function listCredentials(signal?: AbortSignal): Promise<Credential[]> {
  return (await dataOf(client.GET("/api/credentials", given(signal)))).items;
}

export interface CredentialDraft {
  name: string;
  type: string;
  data: Record<string, unknown>;
  /** The project to make it in; without it the one of all members. */
  projectId?: string;
}

export const createCredential = (body: CredentialDraft): Promise<Credential> =>
  dataOf(client.POST("/api/credentials", { body }));

const ofCredential = (id: string) => ({ params: { path: { credential_id: id } } });

export const getCredential = (id: string, signal?: AbortSignal): Promise<CredentialDetail> =>
  dataOf(client.GET("/api/credentials/{credential_id}", { ...ofCredential(id), ...given(signal) }));

export interface CredentialChange {
  id: string;
  name: string;
  /** Fields that change; null takes one away. */
  data?: Record<string, unknown>;
  /** When it ends; null for nobody knows. */
  expiresAt?: string | null;
}

export const changeCredential = ({ id, ...body }: CredentialChange): Promise<Credential> =>
  dataOf(client.PUT("/api/credentials/{credential_id}", { ...ofCredential(id), body }));

/** Begins to connect a credential; the person agrees at the URL that it gives. */
export const connectCredential = (id: string): Promise<CredentialConnect> =>
  dataOf(client.POST("/api/credentials/{credential_id}/connect", ofCredential(id)));

/** Tries a credential out, as it is stored; a store, whether a secret is at `path`. */
export const testCredential = (id: string, path = ""): Promise<CredentialVerdict> =>
  dataOf(
    client.POST("/api/credentials/{credential_id}/test", { ...ofCredential(id), ...(path ? { body: { path } } : {}) }),
  );

export async function listCredentialShares(id: string, signal?: AbortSignal): Promise<CredentialShare[]> {
  return (
    await dataOf(client.GET("/api/credentials/{credential_id}/shares", { ...ofCredential(id), ...given(signal) }))
  ).items;
}

const shared = (id: string, project: string) => ({ path: { credential_id: id, with_project_id: project } });

/** Lets the workflows of another project use a credential. */
export async function shareCredential(id: string, project: string): Promise<void> {
  await client.PUT("/api/credentials/{credential_id}/shares/{with_project_id}", { params: shared(id, project) });
}

/** Takes a share back, also where workflows use it: who does has seen how many. */
export async function unshareCredential(id: string, project: string): Promise<void> {
  await client.DELETE("/api/credentials/{credential_id}/shares/{with_project_id}", {
    params: { ...shared(id, project), query: { force: true } },
  });
}

export const getCredentialUses = (id: string, signal?: AbortSignal): Promise<CredentialUses> =>
  dataOf(client.GET("/api/credentials/{credential_id}/uses", { ...ofCredential(id), ...given(signal) }));

export interface CredentialDeletion {
  id: string;
  /** Also where workflows use it: who deletes has seen which. */
  force: boolean;
}

export async function deleteCredential({ id, force }: CredentialDeletion): Promise<void> {
  await client.DELETE("/api/credentials/{credential_id}", {
    params: { path: { credential_id: id }, query: { force } },
  });
}

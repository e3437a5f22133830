/** The API's routes of credentials. */

import { client, dataOf, given } from "./client";
import type { Credential, CredentialConnect, CredentialDetail, CredentialUses, CredentialVerdict } from "./types";

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
}

export const changeCredential = ({ id, ...body }: CredentialChange): Promise<Credential> =>
  dataOf(client.PUT("/api/credentials/{credential_id}", { ...ofCredential(id), body }));

/** Begins to connect a credential; the person agrees at the URL that it gives. */
export const connectCredential = (id: string): Promise<CredentialConnect> =>
  dataOf(client.POST("/api/credentials/{credential_id}/connect", ofCredential(id)));

/** Tries a credential out, as it is stored. */
export const testCredential = (id: string): Promise<CredentialVerdict> =>
  dataOf(client.POST("/api/credentials/{credential_id}/test", ofCredential(id)));

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

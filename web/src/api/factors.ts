/** How one logs in beside the password, and what the workspace asks for. Routes, and their query hooks. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import { askPasskey, makePasskey } from "./passkeys";
import type { components } from "./schema";

export type Factors = components["schemas"]["FactorsResponse"];
export type Passkey = components["schemas"]["PasskeyResponse"];
export type Proof = components["schemas"]["ConfirmRequest"];
const FACTORS = ["factors"] as const;
const POLICY = ["factor-policy"] as const;

/** The word that `confirmMe` gave; it counts for ten minutes, and the API says when it does no more. */
let confirmation = "";
export const confirmed = () => ({ params: { header: { "x-confirmation": confirmation } } });

export function useFactors() {
  return useQuery({ queryKey: FACTORS, queryFn: ({ signal }) => dataOf(client.GET("/api/me/factors", { signal })) });
}

/** Shows who one is. */
export async function confirmMe(body: Proof): Promise<void> {
  confirmation = (await dataOf(client.POST("/api/me/confirm", { body }))).confirmation;
}

export async function confirmMeByPasskey(): Promise<void> {
  const { options } = await dataOf(client.POST("/api/me/confirm/options"));
  await confirmMe({ passkey: await askPasskey(options) });
}

export const beginApp = () => dataOf(client.POST("/api/me/factors/app", confirmed()));

export const confirmApp = async (code: string) =>
  (await dataOf(client.POST("/api/me/factors/app/confirm", { body: { code }, ...confirmed() }))).codes;

export const removeApp = () => client.DELETE("/api/me/factors/app", confirmed());

export const renewCodes = async () => (await dataOf(client.POST("/api/me/factors/recovery-codes", confirmed()))).codes;

/** Adds a passkey; gives the recovery codes that came with it. */
export async function addPasskey(name: string): Promise<string[]> {
  const { options } = await dataOf(client.POST("/api/me/passkeys/options", confirmed()));
  const passkey = await makePasskey(options);
  return (await dataOf(client.POST("/api/me/passkeys", { body: { name, passkey }, ...confirmed() }))).codes;
}

export const removePasskey = (id: string) =>
  client.DELETE("/api/me/passkeys/{passkey_id}", {
    params: { path: { passkey_id: id }, ...confirmed().params },
  });

export function useFactorPolicy(enabled: boolean) {
  return useQuery({
    queryKey: POLICY,
    enabled,
    queryFn: ({ signal }) => dataOf(client.GET("/api/tenant/factors", { signal })),
  });
}

export const useSetFactorPolicy = () =>
  useMutation({
    mutationFn: (requiresFactor: boolean) => dataOf(client.PUT("/api/tenant/factors", { body: { requiresFactor } })),
    onSuccess: (policy, _, __, { client: queries }) => queries.setQueryData(POLICY, policy),
  });

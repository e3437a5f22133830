/** Logging in by the workspace's identity provider. Routes, and their query hooks. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import { confirmed } from "./factors";
import type { components } from "./schema";
import { postOpen } from "./session";

export type SignIn = components["schemas"]["SignInResponse"];
export type SignInBody = components["schemas"]["SignInRequest"];
const SIGN_IN = ["sign-in"] as const;
const IDENTITY = ["identity"] as const;

/** Where the browser goes to log in; throws where no workspace is found. */
export async function placeToLogIn(workspace: string, to: string): Promise<string> {
  const found = (await postOpen("/auth/oidc/find", { workspace })) as { workspace: string };
  return `/api/auth/oidc/start?${new URLSearchParams({ workspace: found.workspace, to })}`;
}

export function useSignIn(enabled = true) {
  return useQuery({
    queryKey: SIGN_IN,
    enabled,
    queryFn: ({ signal }) => dataOf(client.GET("/api/tenant/sign-in", { signal })),
  });
}

export const useSaveSignIn = () =>
  useMutation({
    mutationFn: (body: SignInBody) => dataOf(client.PUT("/api/tenant/sign-in", { body })),
    onSuccess: (_, __, ___, { client: queries }) => queries.invalidateQueries({ queryKey: SIGN_IN }),
  });

export const useProveDomains = () =>
  useMutation({
    mutationFn: () => dataOf(client.POST("/api/tenant/sign-in/domains")),
    onSuccess: (_, __, ___, { client: queries }) => queries.invalidateQueries({ queryKey: SIGN_IN }),
  });

export const useRemoveSignIn = () =>
  useMutation({
    mutationFn: () => client.DELETE("/api/tenant/sign-in"),
    onSuccess: (_, __, ___, { client: queries }) => queries.invalidateQueries({ queryKey: SIGN_IN }),
  });

export function useIdentity() {
  return useQuery({ queryKey: IDENTITY, queryFn: ({ signal }) => dataOf(client.GET("/api/me/identity", { signal })) });
}

export const beginLink = async () => (await dataOf(client.POST("/api/me/identity"))).authorizeUrl;

export const unlink = () => client.DELETE("/api/me/identity", confirmed());

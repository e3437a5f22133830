/** Who one is, the workspace and its people: routes and query hooks. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import { accept, logOut, useSession } from "./session";

export function useMe() {
  return useQuery({ queryKey: ["me"], queryFn: ({ signal }) => dataOf(client.GET("/api/me", { signal })) });
}

export function useMembers() {
  return useQuery({
    queryKey: ["members"],
    queryFn: async ({ signal }) => (await dataOf(client.GET("/api/members", { signal }))).items,
  });
}

export const useRenameMe = () =>
  useMutation({
    mutationFn: (name: string) => dataOf(client.PATCH("/api/me", { body: { name } })),
    onSuccess: ({ user }, _, __, { client: queries }) => {
      useSession.setState({ user });
      return queries.invalidateQueries({ queryKey: ["members"] });
    },
  });

export const useRenameTenant = () =>
  useMutation({
    mutationFn: (name: string) => dataOf(client.PATCH("/api/tenant", { body: { name } })),
    onSuccess: ({ tenant }) => useSession.setState({ tenant }),
  });

/** One's sessions that go on, on whatever device. */
export function useSessions() {
  return useQuery({
    queryKey: ["sessions"],
    queryFn: async ({ signal }) => (await dataOf(client.GET("/api/sessions", { signal }))).items,
  });
}

export const useEndSession = () =>
  useMutation({
    mutationFn: (id: string) => client.DELETE("/api/sessions/{session_id}", { params: { path: { session_id: id } } }),
    onSettled: (_, __, ___, ____, { client: queries }) => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });

/** Ends all sessions but this one. */
export async function endOtherSessions(): Promise<void> {
  await client.POST("/api/sessions/end", { params: { query: { others: true } } });
}

/** Asks for another address; a mail there confirms it. */
export const useChangeEmail = () =>
  useMutation({
    mutationFn: (body: { email: string; password: string }) => dataOf(client.POST("/api/me/email", { body })),
  });

/** Ends every session of whoever is logged in, this one with them. */
export async function endSessions(): Promise<void> {
  await client.POST("/api/sessions/end");
  await logOut();
}

/** Changes the password. Every other session ends; this one goes on. */
export async function changePassword(currentPassword: string, newPassword: string): Promise<void> {
  accept(await dataOf(client.POST("/api/auth/password", { body: { currentPassword, newPassword } })));
}

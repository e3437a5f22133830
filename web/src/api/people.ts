/** Members, roles, invitations, and the workspaces of a person: routes and query hooks. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import type { components } from "./schema";
import { accept } from "./session";

type Schemas = components["schemas"];
export type Member = Schemas["MemberResponse"];
export type Role = Schemas["RoleResponse"];
export type RoleName = Role["role"];
export type Invitation = Schemas["InvitationResponse"];
export type Invited = Schemas["InvitedResponse"];
export type Permission = Schemas["Permission"];
/** A role to give: one that every workspace has, or `custom` with one of its own. */
export type Given = Schemas["GivenRole"];

export function useRoles() {
  return useQuery({
    queryKey: ["roles"],
    queryFn: async ({ signal }) => (await dataOf(client.GET("/api/roles", { signal }))).items,
  });
}

export function useInvitations() {
  return useQuery({
    queryKey: ["invitations"],
    queryFn: async ({ signal }) => (await dataOf(client.GET("/api/invitations", { signal }))).items,
  });
}

export function useWorkspaces() {
  return useQuery({
    queryKey: ["workspaces"],
    queryFn: async ({ signal }) => (await dataOf(client.GET("/api/tenants", { signal }))).items,
  });
}

/** A change after which lists are asked for anew, whether it worked or not. */
function useChange<Input, Output>(work: (input: Input) => Promise<Output>, ...stale: string[]) {
  return useMutation({
    mutationFn: work,
    onSettled: (_, __, ___, ____, { client: queries }) =>
      Promise.all(stale.map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  });
}

const member = (id: string) => ({ params: { path: { user_id: id } } });
const invitation = (id: string) => ({ params: { path: { invitation_id: id } } });
const role = (id: string) => ({ params: { path: { role_id: id } } });

export const useChangeMember = () =>
  useChange(
    ({ id, given }: { id: string; given: Given }) =>
      dataOf(client.PATCH("/api/members/{user_id}", { ...member(id), body: given })),
    "members",
    "roles",
  );

export const useRemoveMember = () =>
  useChange((id: string) => client.DELETE("/api/members/{user_id}", member(id)), "members", "roles");

export const useLeave = () => useMutation({ mutationFn: () => client.POST("/api/members/leave") });

export const useInvite = () =>
  useChange((body: Schemas["InvitationRequest"]) => dataOf(client.POST("/api/invitations", { body })), "invitations");

export const useSendAgain = () =>
  useChange(
    (id: string) => dataOf(client.POST("/api/invitations/{invitation_id}/resend", invitation(id))),
    "invitations",
  );

export const useWithdraw = () =>
  useChange((id: string) => client.DELETE("/api/invitations/{invitation_id}", invitation(id)), "invitations");

export const useSaveRole = () =>
  useChange(
    ({ id, body }: { id: string | null; body: Schemas["RoleRequest"] }) =>
      id === null
        ? dataOf(client.POST("/api/roles", { body }))
        : dataOf(client.PUT("/api/roles/{role_id}", { ...role(id), body })),
    "roles",
    "members",
  );

export const useDeleteRole = () => useChange((id: string) => client.DELETE("/api/roles/{role_id}", role(id)), "roles");

/** Goes to another workspace: the app begins anew there, with nothing of the former one in its memory. */
export async function switchTo(tenantId: string): Promise<void> {
  await dataOf(client.POST("/api/auth/switch", { body: { tenantId } }));
  window.location.assign("/");
}

/** Makes a workspace and goes there. */
export async function createWorkspace(name: string): Promise<void> {
  await dataOf(client.POST("/api/tenants", { body: { name } }));
  window.location.assign("/");
}

/** Becomes a member, as whoever is logged in, and goes to that workspace. */
export async function acceptInvitation(token: string): Promise<void> {
  accept(await dataOf(client.POST("/api/auth/invitation/accept", { body: { token } })));
  window.location.assign("/");
}

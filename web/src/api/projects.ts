/** Projects, who is in them, and workflows that are shared one by one: routes and query hooks. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import { keys } from "./queries";
import type { components } from "./schema";
import type { Workflow } from "./types";

type Schemas = components["schemas"];
export type Project = Schemas["ProjectResponse"];
export type ProjectMember = Schemas["ProjectMemberResponse"];
export type ProjectRole = Schemas["ProjectRole"];
export type Share = Schemas["ShareResponse"];
export type ShareRequest = Schemas["ShareRequest"];

const PROJECTS = ["projects"] as const;
const project = (id: string) => ({ params: { path: { project_id: id } } });
const inside = (id: string, user: string) => ({ params: { path: { project_id: id, user_id: user } } });
const workflow = (id: string) => ({ params: { path: { workflow_id: id } } });

export function useProjects() {
  return useQuery({
    queryKey: PROJECTS,
    queryFn: async ({ signal }) => (await dataOf(client.GET("/api/projects", { signal }))).items,
  });
}

/** The workflow that the page is of; undefined on other pages. */
export const workflowHere = (): string | undefined =>
  /^\/workflows\/([0-9a-f-]{36})/.exec(window.location.pathname)?.[1];

/** The project of the workflow that the page is of; undefined on other pages. */
export function useProjectHere(): string | undefined {
  const queries = useQueryClient();
  const id = workflowHere();
  return id ? queries.getQueryData<Workflow>(keys.workflow(id))?.projectId : undefined;
}

export function useProjectMembers(id: string) {
  return useQuery({
    queryKey: [...PROJECTS, id, "members"],
    queryFn: async ({ signal }) =>
      (await dataOf(client.GET("/api/projects/{project_id}/members", { ...project(id), signal }))).items,
  });
}

export function useShares(id: string, wanted = true) {
  return useQuery({
    enabled: wanted,
    queryKey: [...keys.workflows, id, "shares"],
    queryFn: async ({ signal }) =>
      (await dataOf(client.GET("/api/workflows/{workflow_id}/shares", { ...workflow(id), signal }))).items,
  });
}

/** A change after which projects, workflows and credentials are asked for anew. */
function useChange<Input, Output>(work: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSettled: () =>
      Promise.all(
        [PROJECTS, keys.workflows, keys.credentials].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
}

export const useSaveProject = () =>
  useChange(async ({ id, name }: { id?: string; name: string }) => {
    if (id) await client.PATCH("/api/projects/{project_id}", { ...project(id), body: { name } });
    else await client.POST("/api/projects", { body: { name } });
  });

export const useDeleteProject = () =>
  useChange((id: string) => client.DELETE("/api/projects/{project_id}", project(id)));

export const usePutProjectMember = () =>
  useChange(({ id, user, role }: { id: string; user: string; role: ProjectRole }) =>
    client.PUT("/api/projects/{project_id}/members/{user_id}", { ...inside(id, user), body: role }),
  );

export const useDropProjectMember = () =>
  useChange(({ id, user }: { id: string; user: string }) =>
    client.DELETE("/api/projects/{project_id}/members/{user_id}", inside(id, user)),
  );

export const useMoveWorkflow = () =>
  useChange(({ id, projectId }: { id: string; projectId: string }) =>
    client.PUT("/api/workflows/{workflow_id}/project", { ...workflow(id), body: { projectId } }),
  );

export const useMoveCredential = () =>
  useChange(({ id, projectId }: { id: string; projectId: string }) =>
    client.PUT("/api/credentials/{credential_id}/project", {
      params: { path: { credential_id: id } },
      body: { projectId },
    }),
  );

export const useShareWorkflow = () =>
  useChange(({ id, share }: { id: string; share: ShareRequest }) =>
    client.PUT("/api/workflows/{workflow_id}/shares", { ...workflow(id), body: share }),
  );

export const useUnshareWorkflow = () =>
  useChange(({ id, share }: { id: string; share: string }) =>
    client.DELETE("/api/workflows/{workflow_id}/shares/{share_id}", {
      params: { path: { workflow_id: id, share_id: share } },
    }),
  );

/** Lists of workflows and what puts them in order: folders, tags, many at once. Routes, and their query hooks. */

import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { WorkflowDocument } from "../graph/document";
import { client, dataOf } from "./client";
import { readDocument } from "./documents";
import { PAGE_SIZE } from "./endpoints";
import { keys } from "./queries";
import type { components, paths } from "./schema";
import type { Page, Workflow, WorkflowSummary } from "./types";

type Schemas = components["schemas"];
export type Folder = Schemas["FolderResponse"];
export type Tag = Schemas["TagResponse"];
export type TagColor = Tag["color"];
export type BulkAction = Schemas["BulkRequest"]["action"];
export type BulkItem = Schemas["BulkItem"];
type ListQuery = NonNullable<paths["/api/workflows"]["get"]["parameters"]["query"]>;
export type ListStatus = NonNullable<ListQuery["status"]>;
export type ListOrder = NonNullable<ListQuery["sort"]>;

/** What is looked for; empty strings and lists mean anything. */
export interface WorkflowFilter {
  search: string;
  status: ListStatus | "";
  folderId: string;
  projectId: string;
  tagIds: readonly string[];
  sort: ListOrder;
}

export interface BulkRequest {
  action: BulkAction;
  ids: readonly string[];
  folderId?: string | null;
  addTagIds?: string[];
  removeTagIds?: string[];
}

const FOLDERS = ["folders"] as const;
const TAGS = ["tags"] as const;
/** As many as one request takes. */
const MOST_AT_ONCE = 100;

async function listWorkflows(filter: WorkflowFilter, cursor: string | null, signal: AbortSignal) {
  const { search, status, folderId, projectId, tagIds, sort } = filter;
  const query: ListQuery = {
    limit: PAGE_SIZE,
    sort,
    ...(search ? { search } : {}),
    ...(status ? { status } : {}),
    ...(folderId ? { folderId } : {}),
    ...(projectId ? { projectId } : {}),
    ...(tagIds.length > 0 ? { tagId: [...tagIds] } : {}),
    ...(cursor ? { cursor } : {}),
  };
  return (await dataOf(client.GET("/api/workflows", { params: { query }, signal }))) as Page<WorkflowSummary>;
}

export function useWorkflowList(filter: WorkflowFilter) {
  return useInfiniteQuery({
    queryKey: [...keys.workflows, "list", filter],
    queryFn: ({ pageParam, signal }) => listWorkflows(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor ?? null,
    placeholderData: keepPreviousData,
  });
}

export function useFolders() {
  return useQuery({
    queryKey: FOLDERS,
    queryFn: async ({ signal }) => (await dataOf(client.GET("/api/folders", { signal }))).items,
  });
}

export function useTags() {
  return useQuery({
    queryKey: TAGS,
    queryFn: async ({ signal }) => (await dataOf(client.GET("/api/tags", { signal }))).items,
  });
}

/** Does something and marks workflows, folders and tags as stale, for each shows something of the others. */
function useOrganising<Input, Output>(work: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSettled: () =>
      Promise.all([keys.workflows, FOLDERS, TAGS].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}

/** Acts on any number of workflows, as many requests as that takes. */
export async function changeWorkflows({ ids, ...request }: BulkRequest): Promise<BulkItem[]> {
  const done: BulkItem[] = [];
  for (let from = 0; from < ids.length; from += MOST_AT_ONCE) {
    const body = { addTagIds: [], removeTagIds: [], ...request, ids: ids.slice(from, from + MOST_AT_ONCE) };
    done.push(...(await dataOf(client.POST("/api/workflows/bulk", { body }))).items);
  }
  return done;
}

export const useChangeWorkflows = () => useOrganising(changeWorkflows);

export const useSaveFolder = () =>
  useOrganising(async ({ id, name, parentId }: { id?: string; name: string; parentId: string | null }) => {
    const body = { name, parentId };
    if (!id) return dataOf(client.POST("/api/folders", { body }));
    const { items } = await dataOf(
      client.PUT("/api/folders/{folder_id}", { params: { path: { folder_id: id } }, body }),
    );
    return items.find((folder) => folder.id === id);
  });

export const useDeleteFolder = () =>
  useOrganising((id: string) => client.DELETE("/api/folders/{folder_id}", { params: { path: { folder_id: id } } }));

export const useSaveTag = () =>
  useOrganising(async ({ id, name, color }: { id?: string; name: string; color: TagColor }) => {
    const body = { name, color };
    if (!id) return dataOf(client.POST("/api/tags", { body }));
    const { items } = await dataOf(client.PUT("/api/tags/{tag_id}", { params: { path: { tag_id: id } }, body }));
    return items.find((tag) => tag.id === id);
  });

export const useDeleteTag = () =>
  useOrganising((id: string) => client.DELETE("/api/tags/{tag_id}", { params: { path: { tag_id: id } } }));

/** Where a workflow is made: a folder says in which project; empty for what the caller's projects say. */
interface Place {
  folderId: string;
  projectId: string;
}

const queryOf = ({ folderId, projectId }: Place) => (folderId ? { folderId } : projectId ? { projectId } : {});

function opened(answer: unknown): Workflow {
  const workflow = answer as Workflow;
  return { ...workflow, document: readDocument(workflow.document) };
}

export const useDuplicateWorkflow = () =>
  useOrganising(async (id: string) =>
    opened(
      await dataOf(client.POST("/api/workflows/{workflow_id}/duplicate", { params: { path: { workflow_id: id } } })),
    ),
  );

/** Stores documents as new workflows, in a folder where given. Stops at the first that is refused. */
export const useImportWorkflows = () =>
  useOrganising(async ({ documents, ...place }: { documents: readonly unknown[] } & Place) => {
    const made: Workflow[] = [];
    for (const document of documents) {
      const body = document as Record<string, unknown>;
      const params = { query: queryOf(place) };
      made.push(opened(await dataOf(client.POST("/api/workflows", { body, params }))));
    }
    return made;
  });

export const useCreateWorkflowIn = () =>
  useOrganising(async ({ document, ...place }: { document: WorkflowDocument } & Place) => {
    const body = document as unknown as Record<string, unknown>;
    return opened(await dataOf(client.POST("/api/workflows", { body, params: { query: queryOf(place) } })));
  });

/**
 * Server state for components: what is cached under which key, and what a change makes stale.
 *
 * Longer than other files: which keys a change makes stale is seen only where all of them stand together.
 */

import {
  keepPreviousData,
  QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type { WorkflowDocument } from "../graph/document";
import * as credentials from "./credentials";
import type { DecisionDraft, ExecutionFilter, ItemsRequest } from "./endpoints";
import * as api from "./endpoints";
import { ApiError } from "./problem";
import type { ApprovalState, HandOverDraft, Workflow } from "./types";

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // Without a network a request fails at once and says so; it does not wait, silently, for the network.
        networkMode: "always",
        // Whoever waited for half a minute is told, and not made to wait twice more.
        retry: (count, error) => count < 2 && error instanceof ApiError && error.passing && error.kind !== "slow",
        retryDelay: (attempt) => Math.min(4000, 400 * 2 ** attempt) * (0.5 + Math.random() / 2),
      },
      mutations: { networkMode: "always" },
    },
  });
}

export const keys = {
  catalogue: ["catalogue"] as const,
  workflows: ["workflows"] as const,
  workflow: (id: string) => ["workflow", id] as const,
  executions: ["executions"] as const,
  execution: (id: string) => ["execution", id] as const,
  items: (id: string, request: ItemsRequest, version: string) => ["items", id, request, version] as const,
  credentials: ["credentials"] as const,
  /** Choices are loaded with a credential: below its key, so that a change of one makes them stale. */
  options: ["credentials", "options"] as const,
  home: ["home"] as const,
  schedules: ["schedules"] as const,
  approvals: ["approvals"] as const,
  approval: (id: string) => ["approvals", "one", id] as const,
};

export function useCatalogue() {
  return useQuery({
    queryKey: keys.catalogue,
    queryFn: ({ signal }) => api.nodeTypes(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useCredentialTypes() {
  return useQuery({
    queryKey: keys.catalogue,
    queryFn: ({ signal }) => api.nodeTypes(signal),
    staleTime: Number.POSITIVE_INFINITY,
    select: (catalogue) => catalogue.credentials,
  });
}

export function useWorkflows(search: string) {
  return useInfiniteQuery({
    queryKey: [...keys.workflows, search],
    queryFn: ({ pageParam, signal }) => api.listWorkflows(search, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor ?? null,
    placeholderData: keepPreviousData,
  });
}

/** The name of a workflow that something refers to; an error where it is gone. Nothing is asked for an empty id. */
/** A workflow that is named by another one. */
function useNamedWorkflow<Part>(id: string, part: (workflow: Pick<Workflow, "name" | "projectId">) => Part) {
  return useQuery({
    queryKey: [...keys.workflow(id), "named"],
    queryFn: async ({ signal }) => {
      const { name, projectId } = await api.getWorkflow(id, signal);
      return { name, projectId };
    },
    enabled: id !== "",
    select: part,
  });
}

export const useWorkflowName = (id: string) => useNamedWorkflow(id, ({ name }) => name);

export const useWorkflowProject = (id: string) => useNamedWorkflow(id, ({ projectId }) => projectId);

/** A workflow as it was when the editor opened it. It is never refetched behind the editor's back. */
export function useWorkflow(id: string) {
  return useQuery({
    queryKey: keys.workflow(id),
    queryFn: ({ signal }) => api.getWorkflow(id, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

export const executionsKey = (filter: ExecutionFilter) => [...keys.executions, filter] as const;

export function useExecutions(filter: ExecutionFilter) {
  return useInfiniteQuery({
    queryKey: executionsKey(filter),
    queryFn: ({ pageParam, signal }) => api.listExecutions(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor ?? null,
    placeholderData: keepPreviousData,
  });
}

export function useHome() {
  return useQuery({ queryKey: keys.home, queryFn: ({ signal }) => api.getHome(signal), refetchInterval: 60_000 });
}

const SCHEDULES = {
  queryKey: keys.schedules,
  queryFn: ({ signal }: { signal: AbortSignal }) => api.listSchedules(signal),
  refetchInterval: 60_000,
};

export function useSchedules() {
  return useQuery(SCHEDULES);
}

/** The published triggers that poll. */
export function usePolls(enabled = true) {
  return useQuery({ ...SCHEDULES, select: ({ polls }) => polls, enabled });
}

/** When schedules fire within a range of time. */
export function useFires(from: string, to: string) {
  return useQuery({
    queryKey: [...keys.schedules, "fires", from, to],
    queryFn: ({ signal }) => api.listFires(from, to, signal),
    placeholderData: keepPreviousData,
  });
}

/** When a line that is being written would fire, or why it cannot be read. */
export function useNextFires(expression: string, timeZone: string) {
  return useQuery({
    queryKey: [...keys.schedules, "next", expression, timeZone],
    queryFn: ({ signal }) => api.nextFires(expression, timeZone, signal),
    enabled: expression !== "",
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}

export const useChangeSchedule = () =>
  useStaleAfter(({ id, enabled }: { id: string; enabled: boolean }) => api.changeSchedule(id, enabled), keys.schedules);

/** The state of a published workflow's triggers, anew for each version. */
export function useTriggers(workflowId: string, version: number | null) {
  return useQuery({
    queryKey: [...keys.schedules, "triggers", workflowId, version],
    queryFn: ({ signal }) => api.listTriggers(workflowId, signal),
    enabled: version !== null && workflowId !== "",
    refetchInterval: 15_000,
  });
}

export const useSwitchTrigger = (workflowId: string) =>
  useStaleAfter(
    ({ nodeId, enabled }: { nodeId: string; enabled: boolean }) => api.switchTrigger(workflowId, nodeId, enabled),
    keys.schedules,
  );

/** Registrations of triggers that providers were to forget and have not yet; looked at anew for each version. */
export function useLeftRegistrations(workflowId: string, version: number | null) {
  return useQuery({
    queryKey: [...keys.schedules, "left", workflowId, version],
    queryFn: async ({ signal }) => {
      const { registrations } = await api.getWorkflow(workflowId, signal);
      return registrations.filter(({ status }) => status === "leaving" || status === "failed");
    },
    enabled: workflowId !== "",
    refetchInterval: 30_000,
  });
}

export const useDismissRegistration = (workflowId: string) =>
  useStaleAfter((id: string) => api.dismissRegistration(workflowId, id), keys.schedules);

/** A page of items. `version` changes when the node ran again, so that old items are not shown for the new run. */
export function useItems(executionId: string, request: ItemsRequest, version: string, enabled: boolean) {
  return useQuery({
    queryKey: keys.items(executionId, request, version),
    queryFn: ({ signal }) => api.listItems(executionId, request, signal),
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  });
}

/** What an expression gives for one item. The one before is shown until the next is there. */
export function usePreview(where: api.PreviewRequest | null, text: string, index: number) {
  return useQuery({
    queryKey: ["preview", where, text, index],
    queryFn: ({ signal }) => api.previewExpression(where as api.PreviewRequest, text, index, signal),
    enabled: where !== null && text.includes("{{"),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    gcTime: 60_000,
    retry: false,
  });
}

/** Executions that are looked through for data. */
const MOST_TRIED = 5;

/**
 * The newest execution of a workflow that has ended and in which one of these ports gave items; else the newest that
 * has ended; null where there is none.
 */
export function useNewestWithData(workflowId: string, ports: readonly { nodeId: string; port: string }[]) {
  return useQuery({
    queryKey: [...keys.executions, "newest", workflowId, ports],
    queryFn: async ({ signal }) => {
      const { items } = await api.listExecutions({ workflowId }, null, signal);
      const ended = items.filter(({ status }) => status !== "queued" && status !== "running").slice(0, MOST_TRIED);
      for (const execution of ended) {
        for (const { nodeId, port } of ports) {
          const request: ItemsRequest = { nodeId, port, iteration: "", direction: "out", offset: 0, limit: 1 };
          if (await gave(execution.id, request, signal)) return execution;
        }
      }
      return ended[0] ?? null;
    },
    enabled: workflowId !== "",
  });
}

/** Whether a node gave items; not where it did not run, or they are stored no longer. */
async function gave(executionId: string, request: ItemsRequest, signal: AbortSignal): Promise<boolean> {
  try {
    return (await api.listItems(executionId, request, signal)).total > 0;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 410)) return false;
    throw error;
  }
}

/** The rounds of a node in a loop. `version` changes when there are more, or more has become of them. */
export function useRounds(executionId: string, nodeId: string, version: string, enabled: boolean) {
  return useQuery({
    queryKey: ["rounds", executionId, nodeId, version],
    queryFn: ({ signal }) => api.listNodeRuns(executionId, nodeId, signal),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    enabled,
  });
}

export function useApprovals(state: ApprovalState | "") {
  return useInfiniteQuery({
    queryKey: [...keys.approvals, "list", state],
    queryFn: ({ pageParam, signal }) => api.listApprovals(state ? { state } : {}, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor ?? null,
    placeholderData: keepPreviousData,
  });
}

/** How many open approvals wait for whoever is logged in; asked again now and then, for nothing tells of decisions. */
export function useApprovalsToDecide(): number {
  const query = useQuery({
    queryKey: [...keys.approvals, "mine"],
    queryFn: ({ signal }) => api.listApprovals({ state: "open" }, null, signal),
    select: (page) => page.items.filter((approval) => approval.canDecide).length,
    refetchInterval: 60_000,
  });
  return query.data ?? 0;
}

export function useApproval(id: string) {
  return useQuery({ queryKey: keys.approval(id), queryFn: ({ signal }) => api.getApproval(id, signal) });
}

/** The open approval that a node of an execution waits for. */
export function useApprovalOf(executionId: string, nodeId: string, iteration: string) {
  return useQuery({
    queryKey: [...keys.approvals, "of", executionId],
    queryFn: ({ signal }) => api.listApprovals({ state: "open", executionId }, null, signal),
    select: (page) => page.items.find((one) => one.nodeId === nodeId && one.iteration === iteration),
  });
}

/** Decides; whatever comes of it, what was known of approvals is stale. */
export function useDecideApproval(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: DecisionDraft) => api.decideApproval(id, draft),
    onSettled: () => client.invalidateQueries({ queryKey: keys.approvals }),
  });
}

export function useHandOverApproval(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: HandOverDraft) => api.handOverApproval(id, draft),
    onSettled: () => client.invalidateQueries({ queryKey: keys.approvals }),
  });
}

/** Asked anew wherever it is shown: a provider may end a credential's access at any time. */
export function useCredentials() {
  return useQuery({
    queryKey: keys.credentials,
    queryFn: ({ signal }) => credentials.listCredentials(signal),
    staleTime: 0,
  });
}

/** A credential for changing it: never from memory, it may have been changed elsewhere. */
export function useCredential(id: string) {
  return useQuery({
    queryKey: [...keys.credentials, id],
    queryFn: ({ signal }) => credentials.getCredential(id, signal),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Who uses a credential. Workflows change anywhere, so it is asked for whenever it is looked at. */
export function useCredentialUses(id: string) {
  return useQuery({
    queryKey: [...keys.credentials, id, "uses"],
    queryFn: ({ signal }) => credentials.getCredentialUses(id, signal),
    gcTime: 0,
  });
}

function useStaleAfter<Input, Output>(work: (input: Input) => Promise<Output>, key: readonly unknown[]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  });
}

export const useCreateWorkflow = () =>
  useStaleAfter((document: WorkflowDocument) => api.createWorkflow(document), keys.workflows);

export const useDeleteWorkflow = () => useStaleAfter((id: string) => api.deleteWorkflow(id), keys.workflows);

export const useCreateCredential = () => useStaleAfter(credentials.createCredential, keys.credentials);

export const useChangeCredential = () => useStaleAfter(credentials.changeCredential, keys.credentials);

export const useDeleteCredential = () => useStaleAfter(credentials.deleteCredential, keys.credentials);

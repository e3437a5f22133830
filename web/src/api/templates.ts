/** Templates, workflows to start from: routes and query hooks. */

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { WorkflowDocument } from "../graph/document";
import { client, dataOf } from "./client";
import { readDocument } from "./documents";
import { keys } from "./queries";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type TemplateSummary = Schemas["TemplateSummary"];
/** A template; its workflow is a document that has been read. */
export type Template = Omit<Schemas["TemplateResponse"], "workflow"> & { workflow: WorkflowDocument };
export type TemplateParameter = Schemas["TemplateParameter"];
export type TemplateCredential = Schemas["TemplateCredential"];
export type UseTemplate = Schemas["UseTemplateRequest"];

const TEMPLATES = ["templates"] as const;
const template = (id: string) => ({ params: { path: { template_id: id } } });

export interface TemplateFilter {
  search: string;
  use: string;
  app: string;
  source?: "" | "ready" | "own";
}

export function useTemplates(filter: TemplateFilter) {
  return useQuery({
    queryKey: [...TEMPLATES, filter],
    queryFn: ({ signal }) => dataOf(client.GET("/api/templates", { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function useTemplate(id: string) {
  return useQuery({
    queryKey: [...TEMPLATES, id],
    queryFn: async ({ signal }): Promise<Template> => {
      const found = await dataOf(client.GET("/api/templates/{template_id}", { ...template(id), signal }));
      return { ...found, workflow: readDocument(found.workflow) };
    },
  });
}

/** What a template of a workflow would be, and what would be left out. */
export function useTemplatePreview(workflowId: string) {
  return useQuery({
    queryKey: [...TEMPLATES, "preview", workflowId],
    queryFn: ({ signal }) =>
      dataOf(
        client.GET("/api/workflows/{workflow_id}/template", { params: { path: { workflow_id: workflowId } }, signal }),
      ),
    gcTime: 0,
  });
}

/** Makes a template of a workflow, or the next version of the one that is named by `of`. */
export function useSaveTemplate() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ of, body, note }: { of: string; body: Schemas["SaveTemplateRequest"]; note: string }) =>
      of === ""
        ? dataOf(client.POST("/api/templates", { body }))
        : dataOf(
            client.POST("/api/templates/{template_id}/versions", {
              ...template(of),
              body: { workflowId: body.workflowId, note },
            }),
          ),
    onSuccess: () => queries.invalidateQueries({ queryKey: TEMPLATES }),
  });
}

export function useDeleteTemplate() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => dataOf(client.DELETE("/api/templates/{template_id}", template(id))),
    onSuccess: () => queries.invalidateQueries({ queryKey: TEMPLATES, refetchType: "none" }),
  });
}

/** Makes a workflow of a template. `key` is of what was filled in: sent again it makes no second one. */
export function useUseTemplate(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ body, key }: { body: UseTemplate; key: string }) =>
      dataOf(
        client.POST("/api/templates/{template_id}/use", { ...template(id), body, headers: { "Idempotency-Key": key } }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.workflows }),
  });
}

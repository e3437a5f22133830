/** Where a webhook is called or a form is filled in, as published or as it will be, and where it is tried out. */

import type { WorkflowNode } from "../graph/document";

/** The first part of every test URL's path (`stepweave_data.hooks.paths`). */
const TEST = "~test";

/** The methods that a webhook node takes, each once, the first one first. */
export function methodsOf(node: WorkflowNode): string[] {
  const { method, moreMethods } = node.params;
  const more = Array.isArray(moreMethods) ? moreMethods.filter((one): one is string => typeof one === "string") : [];
  return [...new Set([typeof method === "string" ? method : "POST", ...more])];
}

export function pathOf(node: WorkflowNode): string {
  return typeof node.params.path === "string" ? node.params.path : "";
}

export const formUrl = (origin: string, slug: string, path: string) => `${origin}/forms/${slug}/${path}`;
export const chatUrl = (origin: string, slug: string, path: string) => `${origin}/chat/${slug}/${path}`;
export const testFormUrl = (origin: string, slug: string, path: string) => formUrl(origin, slug, `${TEST}/${path}`);
export const hookUrl = (origin: string, slug: string, path: string) => `${origin}/hooks/${slug}/${path}`;
export const testUrl = (origin: string, slug: string, path: string) => hookUrl(origin, slug, `${TEST}/${path}`);

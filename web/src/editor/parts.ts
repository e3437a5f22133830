/** Runs of a part of the workflow: what is asked of the API for each. */

import type { RunRequest } from "../api/endpoints";
import { type Catalogue, findType } from "../graph/catalogue";
import type { WorkflowDocument } from "../graph/document";
import { findNode } from "../graph/document";

/** The node alone; it and what follows. What leads to a node is a run that ends there. */
export type PartOfRun = "only" | "from";

/** Whether a node can be run on its own: one that is enabled and no trigger. */
export function canRunPart(document: WorkflowDocument, catalogue: Catalogue, nodeId: string): boolean {
  const node = findNode(document, nodeId);
  const entry = node && findType(catalogue, node.type, node.version);
  return Boolean(node && entry && !entry.trigger && !node.settings.disabled);
}

/** What to ask for, with what an earlier run began with; null where the part needs its data and there is none. */
export function partRequest(part: PartOfRun, nodeId: string, fromExecutionId: string | null): RunRequest | null {
  if (part === "from") return fromExecutionId ? { startNodeId: nodeId, fromExecutionId } : null;
  return { onlyNodeId: nodeId, ...(fromExecutionId ? { fromExecutionId } : {}) };
}

/** Runs of a part of the workflow: what is asked of the API for each. */

import type { RunRequest } from "../api/endpoints";
import { type Catalogue, findType } from "../graph/catalogue";
import type { WorkflowDocument } from "../graph/document";
import { findNode } from "../graph/document";

/** The node alone; it and what leads to it; it and what follows. */
export type PartOfRun = "only" | "until" | "from";

/** Whether a node can be run on its own: one that is enabled and no trigger. */
export function canRunPart(document: WorkflowDocument, catalogue: Catalogue, nodeId: string): boolean {
  const node = findNode(document, nodeId);
  const entry = node && findType(catalogue, node.type, node.version);
  return Boolean(node && entry && !entry.trigger && !node.settings.disabled);
}

/**
 * What to ask for, or null where the part needs the data of an earlier run and there is none.
 *
 * A run up to a node begins with the trigger's own items; the others take what that earlier run began with.
 */
export function partRequest(part: PartOfRun, nodeId: string, fromExecutionId: string | null): RunRequest | null {
  if (part === "until") return { untilNodeId: nodeId };
  if (part === "from") return fromExecutionId ? { startNodeId: nodeId, fromExecutionId } : null;
  return { onlyNodeId: nodeId, ...(fromExecutionId ? { fromExecutionId } : {}) };
}

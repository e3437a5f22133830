/** Which node a failed execution is retried from. Pure. */

import { type Catalogue, findType } from "../graph/catalogue";
import type { WorkflowDocument, WorkflowNode } from "../graph/document";
import type { RunState } from "./state";

/** The node that failed first, or null where none did. */
export function firstFailed(run: RunState): string | null {
  const failed = Object.values(run.nodes).filter((node) => node.status === "failed");
  failed.sort((one, other) => (one.endedAt ?? "").localeCompare(other.endedAt ?? ""));
  return failed[0]?.nodeId ?? null;
}

/** The nodes a run can start at: steps that are enabled, those that ran or failed first. */
export function startingPlaces(document: WorkflowDocument, catalogue: Catalogue, run: RunState): WorkflowNode[] {
  const places = document.nodes.filter((node) => {
    const entry = findType(catalogue, node.type, node.version);
    return entry && !entry.trigger && !node.settings.disabled;
  });
  const begun = (node: WorkflowNode) => run.nodes[node.id]?.startedAt ?? "\uffff";
  return places.sort((one, other) => begun(one).localeCompare(begun(other)));
}

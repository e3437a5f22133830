/** How a draft differs from the version that is live, as far as it matters when it runs. Pure. */

import { type DocumentDiff, diff } from "./diff";
import type { WorkflowDocument } from "./document";

export interface Unpublished {
  /** Changes that would make runs differ: a node, a connection or a setting each count once. */
  changes: number;
  /** Whether only what people see differs: places, notes, descriptions, pinned data. */
  onlyLooks: boolean;
}

/** Values of a node that no run of a published version reads. */
const LOOKS = /^(?:settings\.notes|pinned)(?:\.|$)/;
/** Values of the workflow that no run reads. */
const DESCRIPTION = "description";

/** Returns what publishing `draft` in place of `live` would change. */
export function unpublished(live: WorkflowDocument, draft: WorkflowDocument): Unpublished {
  const found = diff(live, draft);
  const changes = behaviour(found);
  return { changes, onlyLooks: changes === 0 && all(found) > 0 };
}

function behaviour({ nodes, edges, settings }: DocumentDiff): number {
  const changed = nodes.filter((node) => node.kind !== "changed" || node.values.some(({ path }) => !LOOKS.test(path)));
  return changed.length + edges.length + settings.filter(({ path }) => path !== DESCRIPTION).length;
}

const all = ({ nodes, edges, settings, moved, notes }: DocumentDiff): number =>
  nodes.length + edges.length + settings.length + moved + notes;

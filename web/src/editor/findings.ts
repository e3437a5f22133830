/**
 * What is wrong with the draft, from two sources: the checks, which look again after every edit, and what was tried
 * (publishing, listening, running), which found out what no check can see and is not asked again by itself.
 */

import type { ApiError } from "../api/problem";
import type { Diagnostic, WorkflowDocument, WorkflowNode } from "../graph/document";
import { currentDocument, useEditor } from "./store";

/** A finding that a check cannot make; true of the node as it was then. */
export interface Told {
  finding: Diagnostic;
  node: WorkflowNode | undefined;
}

const nodeOf = (document: WorkflowDocument, finding: Diagnostic) =>
  document.nodes.find(({ id }) => id === finding.nodeId);

/** Shows what the checks found, and of what was told before what is still about the nodes as they are. */
export function showChecked(checked: Diagnostic[], checking: boolean): void {
  const { told } = useEditor.getState();
  const document = currentDocument();
  show(
    checked,
    told.filter(({ finding, node }) => same(node, nodeOf(document, finding))),
  );
  useEditor.setState({ checking });
}

/** What the checks found last: what is shown, without what was told. */
export function lastChecked(): Diagnostic[] {
  const { diagnostics, told } = useEditor.getState();
  const findings = new Set(told.map(({ finding }) => finding));
  return diagnostics.filter((one) => !findings.has(one));
}

/**
 * Shows the findings of a refusal at their nodes; returns them, or null where it has none. What a check finds as well
 * (`workflow_invalid`) is left to the checks from then on; the rest stays until its node is edited or tried again.
 */
export function tell(error: ApiError): Diagnostic[] | null {
  const found = error.body.diagnostics as Diagnostic[] | undefined;
  if (!Array.isArray(found)) return null;
  const of = new Set(found.map(({ nodeId }) => nodeId));
  const checked = lastChecked();
  const others = useEditor.getState().told.filter(({ finding }) => !of.has(finding.nodeId));
  if (error.code === "workflow_invalid") show([...checked.filter(({ nodeId }) => !of.has(nodeId)), ...found], others);
  else {
    const document = currentDocument();
    show(checked, [...others, ...found.map((finding) => ({ finding, node: nodeOf(document, finding) }))]);
  }
  return found;
}

/** Takes back what was told, of one node or of all: it is tried again. */
export function untell(nodeId?: string): void {
  const { told } = useEditor.getState();
  show(
    lastChecked(),
    told.filter(({ finding }) => nodeId !== undefined && finding.nodeId !== nodeId),
  );
}

function show(checked: Diagnostic[], told: Told[]): void {
  useEditor.setState({ told, diagnostics: [...checked, ...told.map(({ finding }) => finding)] });
}

/** Whether a node is as it was; where it stands does not matter. */
function same(one: WorkflowNode | undefined, other: WorkflowNode | undefined): boolean {
  return one?.params === other?.params && one?.settings === other?.settings && one?.type === other?.type;
}

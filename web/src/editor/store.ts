/** The editor's state: the document with its history, what is selected, and how the draft stands with the server. */

import { create } from "zustand";
import type { Webhook, Workflow } from "../api/types";
import type { Catalogue } from "../graph/catalogue";
import { findType } from "../graph/catalogue";
import type { Diagnostic, WorkflowDocument, WorkflowNode } from "../graph/document";
import { findNode } from "../graph/document";
import { type History, recorded, redone, sealed, started, undone } from "../graph/history";
import type { RunStore } from "../run/store";
import type { Told } from "./findings";
import { recentTypes } from "./recent";
import type { SaveStatus } from "./saver";

export interface PickerRequest {
  /** Where on the screen it opens. */
  x: number;
  y: number;
  /** What the picked node is connected to. */
  from?: { nodeId: string; port: string };
  into?: { nodeId: string; port: string };
  edgeId?: string;
  /** Where on the canvas the node goes; found by itself where missing. */
  place?: { x: number; y: number };
  /** Only triggers are offered: it is the first node. */
  triggers?: boolean;
}

export interface EditorState {
  workflowId: string;
  catalogue: Catalogue;
  history: History<WorkflowDocument>;
  nodes: ReadonlySet<string>;
  edges: ReadonlySet<string>;
  /** All that is wrong with the draft; set through `findings.ts`. */
  diagnostics: Diagnostic[];
  /** Those of them that no check can make. */
  told: Told[];
  checking: boolean;
  save: SaveStatus;
  /** Why the draft could not be saved the last time; null since it could. */
  saveError: unknown;
  /** Whether this browser's storage holds what is not saved. */
  draftKept: boolean;
  publishedVersion: number | null;
  /** Whether its triggers may start it. */
  enabled: boolean;
  webhooks: Webhook[];
  /** Where webhooks, forms and chats are served. */
  contentOrigin: string;
  picker: PickerRequest | null;
  /** The node whose menu is open, and where on the screen. */
  menu: { nodeId: string; x: number; y: number } | null;
  /** The node that is being connected by keyboard. */
  connecting: string | null;
  /** The node types added last, the latest first. */
  recent: readonly string[];
  /** The field that the inspector scrolls to, as a diagnostic names it. */
  focusField: { nodeId: string; field: string; nonce: number } | null;
  renaming: string | null;
  /** The note whose text is being written. */
  writing: string | null;
  /** Whether the overview map is shown. */
  minimap: boolean;
  /** Whether the selected node fills the window. */
  expanded: boolean;
  runStore: RunStore | null;
  runExecutionId: string | null;
}

const CLEAN: EditorState = {
  workflowId: "",
  catalogue: { nodes: [], credentials: [] },
  history: started({ schema: 1, name: "", nodes: [], edges: [] }),
  nodes: new Set(),
  edges: new Set(),
  diagnostics: [],
  told: [],
  checking: false,
  save: "saved",
  saveError: null,
  draftKept: true,
  publishedVersion: null,
  enabled: true,
  webhooks: [],
  contentOrigin: "",
  picker: null,
  menu: null,
  connecting: null,
  recent: [],
  focusField: null,
  renaming: null,
  expanded: false,
  writing: null,
  minimap: false,
  runStore: null,
  runExecutionId: null,
};

export const useEditor = create<EditorState>(() => CLEAN);

const { setState, getState } = useEditor;

export function openWorkflow(workflow: Workflow, catalogue: Catalogue): void {
  setState({
    ...CLEAN,
    minimap: getState().minimap,
    recent: recentTypes(),
    workflowId: workflow.id,
    catalogue,
    history: started(workflow.document),
    diagnostics: workflow.diagnostics ?? [],
    publishedVersion: workflow.publishedVersion,
    enabled: workflow.enabled,
    webhooks: workflow.webhooks ?? [],
    contentOrigin: workflow.contentOrigin,
  });
}

export function currentDocument(): WorkflowDocument {
  return getState().history.present;
}

/** Changes the document. Changes with the same `key`, one after the other, are one step of undo. */
export function edit(change: (document: WorkflowDocument) => WorkflowDocument, key: string | null = null): void {
  setState(({ history }) => ({ history: recorded(history, change(history.present), key) }));
}

export function undo(): void {
  setState(({ history }) => withKnownSelection(undone(history)));
}

export function redo(): void {
  setState(({ history }) => withKnownSelection(redone(history)));
}

export function sealHistory(): void {
  setState(({ history }) => ({ history: sealed(history) }));
}

function withKnownSelection(history: History<WorkflowDocument>): Partial<EditorState> {
  const { nodes, edges } = getState();
  const { nodes: all, notes = [] } = history.present;
  const nodeIds = new Set([...all, ...notes].map(({ id }) => id));
  const edgeIds = new Set(history.present.edges.map((edge) => edge.id));
  return {
    history,
    nodes: new Set([...nodes].filter((id) => nodeIds.has(id))),
    edges: new Set([...edges].filter((id) => edgeIds.has(id))),
  };
}

export function select(nodes: Iterable<string>, edges: Iterable<string> = []): void {
  sealHistory();
  setState({ nodes: new Set(nodes), edges: new Set(edges) });
}

let nonce = 0;

/** Shows a diagnostic's place: its node on the canvas, its field in the inspector. */
export function goTo(nodeId: string, field: string | null | undefined): void {
  nonce += 1;
  setState({ nodes: new Set([nodeId]), edges: new Set(), focusField: { nodeId, field: field ?? "", nonce } });
}

export function openPicker(request: PickerRequest | null): void {
  setState({ picker: request });
}

export const useDocument = () => useEditor((state) => state.history.present);

/** The one selected node, or undefined. */
export function useSelectedNode(): WorkflowNode | undefined {
  return useEditor((state) => {
    const [id] = state.nodes;
    return state.nodes.size === 1 && id ? findNode(state.history.present, id) : undefined;
  });
}

export function useNodeType(node: WorkflowNode | undefined) {
  return useEditor((state) => (node ? findType(state.catalogue, node.type, node.version) : undefined));
}

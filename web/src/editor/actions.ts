/** What people do in the editor: the store's state goes through the pure reducers and comes back. */

import type { NodeType } from "../graph/catalogue";
import { findType, inputPorts, outputPorts } from "../graph/catalogue";
import { type Fragment, fragmentOf, fromText, toText, transplanted } from "../graph/clipboard";
import { refusal } from "../graph/connect";
import { createEdge, createNode } from "../graph/create";
import type { Params, Position, WorkflowEdge } from "../graph/document";
import { findNode, newId, SCHEMA_VERSION } from "../graph/document";
import { freePlace, middle, NODE_HEIGHT, NODE_WIDTH, placeAfter, placeAtEnd } from "../graph/geometry";
import { removeNotes } from "../graph/notes";
import * as reduce from "../graph/reducers";
import { strings } from "../strings";
import { dismiss, toast } from "../ui/toasts";
import { keepCanvasFocus, onCanvas } from "./canvasFocus";
import { rememberTypes, withRecent } from "./recent";
import { currentDocument, edit, type PickerRequest, select, undo, useEditor } from "./store";

const state = () => useEditor.getState();

function remember(type: string): void {
  const recent = withRecent(state().recent, type);
  useEditor.setState({ recent });
  rememberTypes(recent);
}

/** What a new node is called and starts with, besides what all of its type do. */
interface SetUp {
  params?: Params;
  name?: string;
}

/** Adds a node of a type, set up as is said, connected as the request asks, and selects it. */
export function addNode(entry: NodeType, request: Partial<PickerRequest> = {}, { params, name }: SetUp = {}): void {
  remember(entry.type);
  const document = currentDocument();
  const { catalogue, nodes } = state();
  const node = createNode(
    name ? { ...entry, name } : entry,
    { x: 0, y: 0 },
    document.nodes.map((other) => other.name),
  );
  node.params = { ...node.params, ...params };
  const [input] = inputPorts(entry);
  const [output] = outputPorts(node, entry);
  const edge = document.edges.find((candidate) => candidate.id === request.edgeId);
  if (edge && input && output) {
    const source = findNode(document, edge.source);
    const target = findNode(document, edge.target);
    if (!source || !target) return;
    const between = middle([source, target]);
    const place = request.place ?? { x: between.x - NODE_WIDTH / 2, y: between.y - NODE_HEIGHT / 2 };
    node.position = freePlace(document, catalogue, place);
    const before = createEdge(edge.source, edge.sourcePort, node.id, input.name);
    const after = createEdge(node.id, output.name, edge.target, edge.targetPort);
    edit((current) => reduce.insertOnEdge(current, edge.id, node, before, after));
    select([node.id]);
    return;
  }
  const edges: WorkflowEdge[] = [];
  const [selected] = nodes;
  // Without a port that was asked for, a node follows the selected one.
  const follows =
    request.from ??
    (!request.place && !request.into && nodes.size === 1 && selected ? { nodeId: selected, port: "" } : null);
  const source = follows ? findNode(document, follows.nodeId) : undefined;
  const ports = source ? outputPorts(source, findType(catalogue, source.type, source.version)) : [];
  const port =
    follows?.port ||
    ports.find((entry_) => !document.edges.some((e) => e.source === source?.id && e.sourcePort === entry_.name))?.name;
  if (source && port && input) edges.push(createEdge(source.id, port, node.id, input.name));
  if (request.into && output) edges.push(createEdge(node.id, output.name, request.into.nodeId, request.into.port));
  node.position = request.place
    ? freePlace(document, catalogue, request.place)
    : source && port
      ? placeAfter(document, catalogue, source, ports, port)
      : placeAtEnd(document, catalogue);
  edit((current) => reduce.addNodes(current, [node], edges));
  select([node.id]);
}

export function connect(source: string, sourcePort: string, target: string, targetPort: string): void {
  const why = refusal(currentDocument(), state().catalogue, { source, sourcePort, target, targetPort });
  if (why) toast({ tone: "bad", title: strings.refusals[why] });
  else edit((document) => reduce.addEdge(document, createEdge(source, sourcePort, target, targetPort)));
}

export function deleteSelection(): void {
  const { nodes, edges, catalogue } = state();
  if (nodes.size === 0 && edges.size === 0) return;
  keepCanvasFocus();
  edit((document) => {
    const own = new Set(document.nodes.filter((node) => nodes.has(node.id)).map((node) => node.id));
    const kept = reduce.remove(document, own, edges, (bridge) =>
      refusal(document, catalogue, bridge) === null ? { ...bridge, id: newId("e") } : null,
    );
    return removeNotes(kept, nodes);
  });
  select([]);
  if (nodes.size > 0) offerUndo(strings.editor.deleted(nodes.size));
}

/** Says what was done, with a way back for as long as nothing else has changed. */
function offerUndo(title: string): void {
  const after = currentDocument();
  const shown = toast({ tone: "info", title, action: { label: strings.editor.undo, run: onCanvas(undo) } });
  const stop = useEditor.subscribe(() => {
    if (currentDocument() === after) return;
    stop();
    dismiss(shown);
  });
}

export function deleteEdge(id: string): void {
  keepCanvasFocus();
  edit((document) => reduce.remove(document, new Set(), new Set([id])));
}

function place(fragment: Fragment, at: Position | null): void {
  const copy = transplanted(fragment, currentDocument(), at);
  edit((document) => {
    const added = reduce.addNodes(document, copy.nodes, copy.edges);
    return copy.notes.length > 0 ? { ...added, notes: [...(added.notes ?? []), ...copy.notes] } : added;
  });
  select([...copy.nodes, ...copy.notes].map(({ id }) => id));
}

export function duplicateSelection(): void {
  const { nodes } = state();
  if (nodes.size > 0) place(fragmentOf(currentDocument(), nodes), null);
}

/** The selection as text for the clipboard, or null where nothing is selected. */
export function selectionText(): string | null {
  const { nodes } = state();
  return nodes.size > 0 ? toText(fragmentOf(currentDocument(), nodes)) : null;
}

/** Pastes nodes from text at a place on the canvas. */
export function pasteText(text: string, at: Position | null): void {
  const read = fromText(text);
  if (!("code" in read)) place(read, at);
  else if (read.code === "notWorkflow") {
    toast({ tone: "info", title: strings.editor.pasteNothing, detail: strings.editor.pasteNothingDetail });
  } else {
    toast({ tone: "bad", title: strings.safety.pasteRefused, detail: strings.safety.flaw(read, SCHEMA_VERSION) });
  }
}

export function toggleDisabledSelection(): void {
  const { nodes } = state();
  if (nodes.size > 0) edit((document) => reduce.toggleDisabled(document, nodes));
}

export function selectAll(): void {
  const { nodes, edges, notes = [] } = currentDocument();
  select(
    [...nodes, ...notes].map(({ id }) => id),
    edges.map((edge) => edge.id),
  );
}

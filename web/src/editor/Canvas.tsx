import "@xyflow/react/dist/style.css";
import {
  type Connection,
  type EdgeChange,
  MiniMap,
  type OnConnectEnd,
  ReactFlow,
  SelectionMode,
  useReactFlow,
} from "@xyflow/react";
import { type DragEvent, type MouseEvent, useCallback, useEffect, useMemo, useRef } from "react";
import { refusal } from "../graph/connect";
import type { Diagnostic, Position } from "../graph/document";
import { findNode } from "../graph/document";
import { GRID, NODE_HEIGHT, NODE_WIDTH } from "../graph/geometry";
import { strings } from "../strings";
import { toast } from "../ui/toasts";
import { addNode, connect, deleteEdge } from "./actions";
import { CanvasContext } from "./canvasContext";
import { DRAG_TYPE, dropped } from "./dragging";
import { EdgeLine } from "./EdgeLine";
import {
  type EdgeCache,
  type FlowCache,
  type FlowNode,
  type LineEdge,
  toFlowEdges,
  toFlowNodes,
  toFlowNotes,
} from "./flow";
import { Ground, MANY_NODES, useDistance } from "./Ground";
import { NodeCard } from "./NodeCard";
import { openNodeMenu } from "./NodeMenu";
import { NoteCard } from "./NoteCard";
import { currentDocument, openPicker, select, useDocument, useEditor } from "./store";
import { useLongPress } from "./useLongPress";
import { selected, useNodeChanges } from "./useNodeChanges";
import { useViewport } from "./useViewport";

export const NODE_TYPES = { card: NodeCard, note: NoteCard };
export const EDGE_TYPES = { line: EdgeLine };
/** The media type under which a palette entry is dragged. */

function useIssues(): ReadonlyMap<string, Diagnostic[]> {
  const diagnostics = useEditor((state) => state.diagnostics);
  return useMemo(() => {
    const map = new Map<string, Diagnostic[]>();
    for (const diagnostic of diagnostics) {
      if (diagnostic.nodeId) map.set(diagnostic.nodeId, [...(map.get(diagnostic.nodeId) ?? []), diagnostic]);
    }
    return map;
  }, [diagnostics]);
}

export function Canvas() {
  const document = useDocument();
  const catalogue = useEditor((state) => state.catalogue);
  const nodeSelection = useEditor((state) => state.nodes);
  const edgeSelection = useEditor((state) => state.edges);
  const minimap = useEditor((state) => state.minimap);
  const issues = useIssues();
  const cache = useRef<FlowCache>(new Map());
  const lines = useRef<EdgeCache>(new Map());
  const { dragged, onNodesChange } = useNodeChanges();
  const { screenToFlowPosition } = useReactFlow();
  useReveal();
  const onNodeClick = useOpening();
  const [onlySelected] = nodeSelection.size === 1 ? nodeSelection : [];
  const viewport = useViewport(document, onlySelected ?? null);
  const distance = useDistance();
  const touches = useLongPress(openNodeMenu);

  const nodes = useMemo(
    () => toFlowNodes(document, catalogue, nodeSelection, dragged, cache.current),
    [document, catalogue, nodeSelection, dragged],
  );
  const notes = useMemo(() => toFlowNotes(document, nodeSelection, dragged), [document, nodeSelection, dragged]);
  const all = useMemo<FlowNode[]>(() => [...notes, ...nodes], [notes, nodes]);
  const edges = useMemo(
    () => toFlowEdges(document, nodes, edgeSelection, lines.current),
    [document, nodes, edgeSelection],
  );
  const abilities = useMemo(
    () => ({
      pickAfter: (nodeId: string, port: string, at: Position) => openPicker({ ...at, from: { nodeId, port } }),
      pickOnEdge: (edgeId: string, at: Position) => openPicker({ ...at, edgeId }),
      removeEdge: deleteEdge,
      issues,
    }),
    [issues],
  );

  const onEdgesChange = useCallback((changes: EdgeChange<LineEdge>[]) => {
    const { edges: before } = useEditor.getState();
    const next = selected(before, changes);
    if (next !== before) useEditor.setState({ edges: next });
  }, []);
  const onConnect = useCallback((made: Connection) => {
    connect(made.source, made.sourceHandle ?? "main", made.target, made.targetHandle ?? "main");
  }, []);
  const isValid = useCallback((made: Connection | LineEdge) => {
    const { source, target, sourceHandle, targetHandle } = made;
    const wanted = { source, target, sourcePort: sourceHandle ?? "main", targetPort: targetHandle ?? "main" };
    return refusal(currentDocument(), useEditor.getState().catalogue, wanted) === null;
  }, []);
  const onConnectEnd: OnConnectEnd = useCallback(
    (event, ended) => {
      if (ended.isValid || !ended.fromNode || !ended.fromHandle) return;
      const point = "changedTouches" in event ? event.changedTouches[0] : event;
      if (!point) return;
      const port = { nodeId: ended.fromNode.id, port: ended.fromHandle.id ?? "main" };
      const forward = ended.fromHandle.type === "source";
      if (ended.toNode) {
        const other = { nodeId: ended.toNode.id, port: ended.toHandle?.id ?? "main" };
        const [from, to] = forward ? [port, other] : [other, port];
        const why = refusal(currentDocument(), useEditor.getState().catalogue, {
          source: from.nodeId,
          sourcePort: from.port,
          target: to.nodeId,
          targetPort: to.port,
        });
        if (why) toast({ tone: "info", title: strings.refusals[why] });
        return;
      }
      const at = screenToFlowPosition({ x: point.clientX, y: point.clientY });
      const place = { x: forward ? at.x : at.x - NODE_WIDTH, y: at.y - NODE_HEIGHT / 2 };
      openPicker({ x: point.clientX, y: point.clientY, place, ...(forward ? { from: port } : { into: port }) });
    },
    [screenToFlowPosition],
  );
  const onDrop = useCallback(
    (event: DragEvent) => {
      const found = dropped(event.dataTransfer.getData(DRAG_TYPE), useEditor.getState().catalogue);
      if (!found) return;
      event.preventDefault();
      const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
      const place = { x: at.x - NODE_WIDTH / 2, y: at.y - NODE_HEIGHT / 2 };
      const edgeId = edgeAt(event.clientX, event.clientY);
      addNode(found.entry, edgeId ? { place, edgeId } : { place }, found);
    },
    [screenToFlowPosition],
  );
  const onDragOver = useCallback((event: DragEvent) => {
    if (!event.dataTransfer.types.includes(DRAG_TYPE)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  }, []);

  return (
    <CanvasContext value={abilities}>
      <ReactFlow<FlowNode, LineEdge>
        className={distance}
        nodes={all}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onConnect={onConnect}
        onConnectEnd={onConnectEnd}
        isValidConnection={isValid}
        onDrop={onDrop}
        onDragOver={onDragOver}
        onPaneClick={() => select([])}
        onNodeContextMenu={(event, node) => {
          if (node.type !== "card") return;
          event.preventDefault();
          openNodeMenu(node.id, menuPlace(event));
        }}
        onNodeClick={onNodeClick}
        {...touches}
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={["Meta", "Control", "Shift"]}
        panActivationKeyCode="Space"
        panOnScroll
        selectionMode={SelectionMode.Partial}
        snapToGrid
        snapGrid={[GRID, GRID]}
        connectionRadius={28}
        minZoom={0.15}
        maxZoom={2}
        fitView={viewport.fitView}
        onInit={viewport.onInit}
        fitViewOptions={viewport.options}
        onMoveStart={viewport.onMoveStart}
        onlyRenderVisibleElements={document.nodes.length > MANY_NODES}
        aria-label={strings.editor.canvas}
      >
        {minimap && (
          <MiniMap
            pannable
            zoomable
            ariaLabel={strings.canvas.minimapLabel}
            nodeClassName={(node) => (node.type === "note" ? "is-note" : "is-card")}
            nodeBorderRadius={8}
            position="bottom-right"
          />
        )}
        <Ground />
      </ReactFlow>
    </CanvasContext>
  );
}

/** The connection under a place on the screen: what is dropped there goes onto it. */
function edgeAt(x: number, y: number): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const id = element.closest(".react-flow__edge[data-id]")?.getAttribute("data-id");
    if (id) return id;
  }
  return null;
}

/** Where a node's menu opens: at the pointer; under the node where the menu key asks for it, which has no pointer. */
function menuPlace(event: MouseEvent): Position {
  const { clientX: x, clientY: y } = event;
  if (event.button === 2 && (x > 0 || y > 0)) return { x, y };
  const box = (event.target as Element).getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.bottom };
}

/**
 * A double click on a node opens it side by side. The panel that the first click brings in may come to lie under the
 * pointer, so the second click counts wherever it lands. How soon it must come, the browser knows.
 */
function useOpening(): (event: MouseEvent, node: FlowNode) => void {
  const last = useRef<{ id: string; card: boolean; x: number; y: number } | null>(null);
  useEffect(() => {
    const onFirstClick = (event: globalThis.MouseEvent) => {
      if (event.detail === 1) last.current = null;
    };
    const onDoubleClick = (event: globalThis.MouseEvent) => {
      const first = last.current;
      const isSame = first && Math.abs(event.clientX - first.x) < 8 && Math.abs(event.clientY - first.y) < 8;
      if (!first || !isSame) return;
      window.getSelection()?.removeAllRanges();
      select([first.id]);
      useEditor.setState(first.card ? { expanded: true } : { writing: first.id });
    };
    document.addEventListener("click", onFirstClick, true);
    document.addEventListener("dblclick", onDoubleClick);
    return () => {
      document.removeEventListener("click", onFirstClick, true);
      document.removeEventListener("dblclick", onDoubleClick);
    };
  }, []);
  return useCallback((event, node) => {
    const { clientX: x, clientY: y } = event;
    if (event.detail === 1) last.current = { id: node.id, card: node.type === "card", x, y };
  }, []);
}

/** Brings the node that a diagnostic or a search leads to into view. */
function useReveal(): void {
  const target = useEditor((state) => state.focusField);
  const { setCenter, getZoom } = useReactFlow();
  useEffect(() => {
    if (!target) return;
    const node = findNode(currentDocument(), target.nodeId);
    if (!node) return;
    const { x, y } = node.position;
    void setCenter(x + NODE_WIDTH / 2, y + NODE_HEIGHT / 2, { zoom: Math.max(0.8, getZoom()), duration: 250 });
  }, [target, setCenter, getZoom]);
}

import "@xyflow/react/dist/style.css";
import { ReactFlow } from "@xyflow/react";
import { useMemo, useRef } from "react";
import { EDGE_TYPES, NODE_TYPES } from "../editor/Canvas";
import { CanvasControls } from "../editor/CanvasControls";
import {
  type EdgeCache,
  type FlowCache,
  type FlowNode,
  type LineEdge,
  toFlowEdges,
  toFlowNodes,
  toFlowNotes,
} from "../editor/flow";
import { Ground, MANY_NODES, useDistance } from "../editor/Ground";
import { useViewport } from "../editor/useViewport";
import type { Catalogue } from "../graph/catalogue";
import type { WorkflowDocument } from "../graph/document";
import { strings } from "../strings";

const NOTHING: ReadonlySet<string> = new Set();
const UNMOVED = new Map();

interface RunCanvasProps {
  document: WorkflowDocument;
  catalogue: Catalogue;
  selected: string | null;
  onSelect(nodeId: string | null): void;
}

/** The workflow as it ran: nothing moves, everything can be looked at. */
export function RunCanvas({ document, catalogue, selected, onSelect }: RunCanvasProps) {
  const cache = useRef<FlowCache>(new Map());
  const lines = useRef<EdgeCache>(new Map());
  const nodes = useMemo(
    () => toFlowNodes(document, catalogue, selected ? new Set([selected]) : NOTHING, UNMOVED, cache.current),
    [document, catalogue, selected],
  );
  const viewport = useViewport(document, selected);
  const distance = useDistance();
  const all = useMemo<FlowNode[]>(() => [...toFlowNotes(document), ...nodes], [document, nodes]);
  const edges = useMemo(() => toFlowEdges(document, nodes, NOTHING, lines.current), [document, nodes]);
  return (
    <>
      <ReactFlow<FlowNode, LineEdge>
        className={distance}
        nodes={all}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodeClick={(_, node) => onSelect(node.id)}
        onNodesChange={(changes) => {
          const chosen = changes.find((change) => change.type === "select" && change.selected);
          if (chosen && "id" in chosen) onSelect(chosen.id);
        }}
        onPaneClick={() => onSelect(null)}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        deleteKeyCode={null}
        panOnScroll
        minZoom={0.15}
        maxZoom={2}
        fitView={viewport.fitView}
        onInit={viewport.onInit}
        fitViewOptions={viewport.options}
        onMoveStart={viewport.onMoveStart}
        onlyRenderVisibleElements={document.nodes.length > MANY_NODES}
        aria-label={strings.editor.canvas}
      >
        <Ground />
      </ReactFlow>
      <CanvasControls />
    </>
  );
}

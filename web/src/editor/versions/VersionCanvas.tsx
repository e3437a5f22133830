import "@xyflow/react/dist/style.css";
import { ReactFlow, ReactFlowProvider } from "@xyflow/react";
import { useMemo } from "react";
import type { Catalogue } from "../../graph/catalogue";
import type { ChangeKind, DocumentDiff } from "../../graph/diff";
import type { WorkflowDocument } from "../../graph/document";
import { strings } from "../../strings";
import { EDGE_TYPES, NODE_TYPES } from "../Canvas";
import { CanvasControls } from "../CanvasControls";
import { type FlowNode, type LineEdge, toFlowEdges, toFlowNodes, toFlowNotes } from "../flow";
import { Ground, useDistance } from "../Ground";

const NOTHING: ReadonlySet<string> = new Set();

const MARKS: Record<ChangeKind, string> = {
  added: "rounded-lg ring-3 ring-ok-line",
  changed: "rounded-lg ring-3 ring-warn-line",
  removed: "rounded-lg ring-3 ring-bad-line",
};

interface VersionCanvasProps {
  document: WorkflowDocument;
  /** How it differs from what it is compared with: its nodes that do are marked. */
  diff: DocumentDiff | null;
  catalogue: Catalogue;
}

/** A version as it is drawn: nothing moves, everything can be looked at, what differs is marked. */
export function VersionCanvas(props: VersionCanvasProps) {
  return (
    // Its own: the editor's canvas behind keeps its view.
    <ReactFlowProvider>
      <Drawn {...props} />
    </ReactFlowProvider>
  );
}

function Drawn({ document, diff, catalogue }: VersionCanvasProps) {
  const { nodes, edges } = useMemo(() => {
    const kinds = new Map(diff?.nodes.map((change) => [change.id, change.kind]));
    const cards = toFlowNodes(document, catalogue, NOTHING, new Map(), new Map()).map((card) => {
      const kind = kinds.get(card.id);
      if (!kind) return card;
      return { ...card, className: MARKS[kind], ariaLabel: `${card.ariaLabel}, ${strings.versions.kinds[kind]}` };
    });
    const lines = toFlowEdges(document, cards, NOTHING, new Map());
    return { nodes: [...toFlowNotes(document), ...cards] as FlowNode[], edges: lines };
  }, [document, diff, catalogue]);
  const distance = useDistance();
  return (
    <>
      <ReactFlow<FlowNode, LineEdge>
        className={distance}
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        nodesDraggable={false}
        nodesConnectable={false}
        elementsSelectable={false}
        edgesFocusable={false}
        deleteKeyCode={null}
        panOnScroll
        minZoom={0.15}
        maxZoom={2}
        fitView
        fitViewOptions={{ padding: 0.12, maxZoom: 1 }}
        aria-label={strings.editor.canvas}
      >
        <Ground />
      </ReactFlow>
      <CanvasControls />
    </>
  );
}

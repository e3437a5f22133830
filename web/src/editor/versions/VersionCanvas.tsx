import "@xyflow/react/dist/style.css";
import { ReactFlow, ReactFlowProvider } from "@xyflow/react";
import { useMemo } from "react";
import type { Catalogue } from "../../graph/catalogue";
import type { ChangeKind, DocumentDiff } from "../../graph/diff";
import type { WorkflowDocument } from "../../graph/document";
import { merged } from "../../graph/merged";
import { strings } from "../../strings";
import { EDGE_TYPES, NODE_TYPES } from "../Canvas";
import { CanvasControls } from "../CanvasControls";
import { type FlowNode, type LineEdge, toFlowEdges, toFlowNodes, toFlowNotes } from "../flow";
import { Ground, useDistance } from "../Ground";

const NOTHING: ReadonlySet<string> = new Set();

const MARKS: Record<ChangeKind, string> = {
  added: "rounded-lg ring-3 ring-ok-line",
  changed: "rounded-lg ring-3 ring-warn-line",
  removed: "rounded-lg opacity-60 ring-3 ring-bad-line",
};

interface VersionCanvasProps {
  before: WorkflowDocument;
  after: WorkflowDocument;
  /** How they differ. */
  diff: DocumentDiff;
  catalogue: Catalogue;
}

/** Two states in one drawing: nothing moves, everything can be looked at; what came, went and changed is marked. */
export function VersionCanvas(props: VersionCanvasProps) {
  return (
    // Its own: the editor's canvas behind keeps its view.
    <ReactFlowProvider>
      <Drawn {...props} />
    </ReactFlowProvider>
  );
}

function Drawn({ before, after, diff, catalogue }: VersionCanvasProps) {
  const { nodes, edges } = useMemo(() => {
    const kinds = new Map(diff.nodes.map((change) => [change.id, change.kind]));
    const { document, edges: moved } = merged(before, after, diff);
    const cards = toFlowNodes(document, catalogue, NOTHING, new Map(), new Map()).map((card) => {
      const kind = kinds.get(card.id);
      if (!kind) return card;
      return { ...card, className: MARKS[kind], ariaLabel: `${card.ariaLabel}, ${strings.versions.kinds[kind]}` };
    });
    const lines = toFlowEdges(document, cards, NOTHING, new Map()).map((line) => {
      const kind = moved.get(line.id);
      if (!kind) return line;
      const ariaLabel = `${line.ariaLabel}, ${strings.versions.kinds[kind]}`;
      return { ...line, ariaLabel, ...(line.data && { data: { ...line.data, change: kind } }) };
    });
    return { nodes: [...toFlowNotes(document), ...cards] as FlowNode[], edges: lines };
  }, [before, after, diff, catalogue]);
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

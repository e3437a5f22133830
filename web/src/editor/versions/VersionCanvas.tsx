import "@xyflow/react/dist/style.css";
import { Background, BackgroundVariant, ReactFlow, ReactFlowProvider } from "@xyflow/react";
import { useMemo } from "react";
import type { Catalogue } from "../../graph/catalogue";
import type { ChangeKind, DocumentDiff } from "../../graph/diff";
import type { WorkflowDocument } from "../../graph/document";
import { GRID } from "../../graph/geometry";
import { strings } from "../../strings";
import { cx } from "../../ui/cx";
import { EDGE_TYPES, NODE_TYPES } from "../Canvas";
import { CanvasControls } from "../CanvasControls";
import { type FlowNode, type LineEdge, toFlowEdges, toFlowNodes, toFlowNotes } from "../flow";

const NOTHING: ReadonlySet<string> = new Set();

const MARKS: Record<ChangeKind, string> = {
  added: "rounded-lg ring-3 ring-ok-line",
  changed: "rounded-lg ring-3 ring-warn-line",
  removed: "rounded-lg ring-3 ring-bad-line opacity-60",
};

interface VersionCanvasProps {
  document: WorkflowDocument;
  /** What it is compared with: what only that has is drawn too, faded. */
  base: WorkflowDocument | null;
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

function Drawn({ document, base, diff, catalogue }: VersionCanvasProps) {
  const { nodes, edges } = useMemo(() => {
    const whole = base && diff ? union(document, base, diff) : document;
    const kinds = new Map(diff?.nodes.map((change) => [change.id, change.kind]));
    const cards = toFlowNodes(whole, catalogue, NOTHING, new Map(), new Map()).map((card) => {
      const kind = kinds.get(card.id);
      return kind
        ? { ...card, className: MARKS[kind], ariaLabel: `${card.ariaLabel}, ${strings.versions.kinds[kind]}` }
        : card;
    });
    const gone = new Set(diff?.edges.filter(({ kind }) => kind === "removed").map(({ edge }) => edge.id));
    const lines = toFlowEdges(whole, cards, NOTHING, new Map()).map((line) =>
      gone.has(line.id) ? { ...line, className: cx(line.className, "opacity-40") } : line,
    );
    return { nodes: [...toFlowNotes(whole), ...cards] as FlowNode[], edges: lines };
  }, [document, base, diff, catalogue]);
  return (
    <>
      <ReactFlow<FlowNode, LineEdge>
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
        <Background variant={BackgroundVariant.Dots} gap={GRID} size={1.6} />
      </ReactFlow>
      <CanvasControls />
    </>
  );
}

/** A document with what only the other one has. Edges with equal ids that connect something else get ids of their own. */
function union(document: WorkflowDocument, base: WorkflowDocument, diff: DocumentDiff): WorkflowDocument {
  const removed = new Set(diff.nodes.filter(({ kind }) => kind === "removed").map(({ id }) => id));
  return {
    ...document,
    nodes: [...document.nodes, ...base.nodes.filter(({ id }) => removed.has(id))],
    edges: [
      ...document.edges.map((edge) => ({ ...edge, id: `now-${edge.id}` })),
      ...diff.edges.filter(({ kind }) => kind === "removed").map(({ edge }) => edge),
    ],
  };
}

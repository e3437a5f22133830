/** Nodes put in order from left to right. The layout library is loaded when it is first asked for. */

import type { Catalogue } from "./catalogue";
import { isBackPort } from "./connect";
import type { Position, WorkflowDocument } from "./document";
import { boxOf, snap } from "./geometry";

const GAP_RANKS = 100;
const GAP_NODES = 56;

/** Fetches the layout library, once; after that `laidOut` takes no time to speak of. */
export const loadLayout = () => import("@dagrejs/dagre");

/**
 * New places for the chosen nodes (all of them where fewer than two are chosen); their upper left corner stays where it
 * is. Edges that lead back to a loop take no part: the order is that of the run.
 */
export async function laidOut(
  document: WorkflowDocument,
  catalogue: Catalogue,
  ids: ReadonlySet<string>,
): Promise<Map<string, Position>> {
  const { Graph, layout } = await loadLayout();
  const chosen = document.nodes.filter((node) => ids.has(node.id));
  const nodes = chosen.length > 1 ? chosen : document.nodes;
  const boxes = new Map(nodes.map((node) => [node.id, boxOf(node, catalogue)]));
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", ranksep: GAP_RANKS, nodesep: GAP_NODES });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [id, { width, height }] of boxes) graph.setNode(id, { width, height });
  const types = new Map(nodes.map((node) => [node.id, node.type]));
  for (const edge of document.edges) {
    const isBack = isBackPort(types.get(edge.target), edge.targetPort);
    if (boxes.has(edge.source) && boxes.has(edge.target) && !isBack) {
      graph.setEdge(edge.source, edge.target, {}, edge.id);
    }
  }
  layout(graph);
  const placed = [...boxes].map(([id, { width, height }]) => {
    const { x = 0, y = 0 } = graph.node(id);
    return { id, x: x - width / 2, y: y - height / 2 };
  });
  const left = Math.min(...placed.map(({ x }) => x));
  const top = Math.min(...placed.map(({ y }) => y));
  const corner = {
    x: Math.min(...[...boxes.values()].map(({ x }) => x)),
    y: Math.min(...[...boxes.values()].map(({ y }) => y)),
  };
  return new Map(placed.map(({ id, x, y }) => [id, snap({ x: x - left + corner.x, y: y - top + corner.y })]));
}

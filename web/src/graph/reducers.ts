/** Every change the editor can make to a workflow, as pure functions: document in, document out. */

import type {
  Json,
  NodeSettings,
  Position,
  WorkflowDocument,
  WorkflowEdge,
  WorkflowNode,
  WorkflowSettings,
} from "./document";
import { findNode } from "./document";
import { renameReferences } from "./references";

function mapNode(
  document: WorkflowDocument,
  id: string,
  change: (node: WorkflowNode) => WorkflowNode,
): WorkflowDocument {
  let changed = false;
  const nodes = document.nodes.map((node) => {
    if (node.id !== id) return node;
    const next = change(node);
    changed ||= next !== node;
    return next;
  });
  return changed ? { ...document, nodes } : document;
}

export function addNodes(
  document: WorkflowDocument,
  nodes: readonly WorkflowNode[],
  edges: readonly WorkflowEdge[] = [],
): WorkflowDocument {
  return { ...document, nodes: [...document.nodes, ...nodes], edges: [...document.edges, ...edges] };
}

export function addEdge(document: WorkflowDocument, edge: WorkflowEdge): WorkflowDocument {
  return { ...document, edges: [...document.edges, edge] };
}

/** Removes nodes and edges; edges of removed nodes go too. A chain A -> removed -> B is joined again where it is plain. */
export function remove(
  document: WorkflowDocument,
  nodeIds: ReadonlySet<string>,
  edgeIds: ReadonlySet<string>,
  reconnect: (edge: Omit<WorkflowEdge, "id">) => WorkflowEdge | null = () => null,
): WorkflowDocument {
  if (nodeIds.size === 0 && edgeIds.size === 0) return document;
  const kept = document.edges.filter(
    (edge) => !edgeIds.has(edge.id) && !nodeIds.has(edge.source) && !nodeIds.has(edge.target),
  );
  const bridges: WorkflowEdge[] = [];
  if (nodeIds.size === 1) {
    const [id] = nodeIds;
    const into = document.edges.filter((edge) => edge.target === id);
    const out = document.edges.filter((edge) => edge.source === id && edge.sourcePort !== "error");
    const ports = new Set(out.map((edge) => edge.sourcePort));
    if (into.length === 1 && ports.size === 1) {
      const [before] = into;
      for (const after of out) {
        if (!before) continue;
        const bridge = reconnect({
          source: before.source,
          sourcePort: before.sourcePort,
          target: after.target,
          targetPort: after.targetPort,
        });
        if (bridge) bridges.push(bridge);
      }
    }
  }
  return {
    ...document,
    nodes: document.nodes.filter((node) => !nodeIds.has(node.id)),
    edges: [...kept, ...bridges],
  };
}

export function moveNodes(document: WorkflowDocument, places: ReadonlyMap<string, Position>): WorkflowDocument {
  let changed = false;
  const nodes = document.nodes.map((node) => {
    const place = places.get(node.id);
    if (!place || (place.x === node.position.x && place.y === node.position.y)) return node;
    changed = true;
    return { ...node, position: { x: place.x, y: place.y } };
  });
  return changed ? { ...document, nodes } : document;
}

/** Why a node cannot be called `name`, or null. */
export function nameRefusal(document: WorkflowDocument, id: string, name: string): "empty" | "long" | "taken" | null {
  if (name.trim() === "") return "empty";
  if (name.length > 120) return "long";
  return document.nodes.some((node) => node.id !== id && node.name === name) ? "taken" : null;
}

/** Renames a node and every reference to it. Refused names leave the document as it is. */
export function renameNode(document: WorkflowDocument, id: string, name: string): WorkflowDocument {
  const old = findNode(document, id)?.name;
  if (old === undefined || old === name || nameRefusal(document, id, name)) return document;
  return {
    ...document,
    nodes: document.nodes.map((node) => renameReferences(node.id === id ? { ...node, name } : node, old, name)),
  };
}

export function setParam(document: WorkflowDocument, id: string, key: string, value: Json): WorkflowDocument {
  return mapNode(document, id, (node) => {
    if (Object.is(node.params[key], value)) return node;
    const params = { ...node.params };
    if (value === undefined) delete params[key];
    else params[key] = value;
    return { ...node, params };
  });
}

/**
 * Sets the rows that name output ports (`outputsFrom`). Connections follow a port that gets another name, and go with one
 * that no row names any more; `own` are the ports that the node has whatever its rows say.
 */
export function setPortRows(
  document: WorkflowDocument,
  id: string,
  key: string,
  rows: Json,
  own: readonly string[],
): WorkflowDocument {
  const before = portNames(findNode(document, id)?.params[key]);
  const after = portNames(rows);
  const kept = new Set([...after, ...own]);
  const sameRows = before.length === after.length;
  const next = new Map<string, string | null>();
  for (const [index, name] of before.entries()) {
    if (name === "" || kept.has(name) || next.get(name)) continue;
    next.set(name, (sameRows && after[index]) || null);
  }
  const edges: WorkflowEdge[] = [];
  const seen = new Set<string>();
  for (const edge of document.edges) {
    const port = edge.source === id ? next.get(edge.sourcePort) : undefined;
    if (port === null) continue;
    const moved = port === undefined ? edge : { ...edge, sourcePort: port };
    const ends = `${moved.source} ${moved.sourcePort} ${moved.target} ${moved.targetPort}`;
    if (!seen.has(ends)) edges.push(moved);
    seen.add(ends);
  }
  const changed = setParam(document, id, key, rows);
  return next.size === 0 ? changed : { ...changed, edges };
}

function portNames(rows: Json): string[] {
  if (!Array.isArray(rows)) return [];
  return rows.map((row: Json) => {
    const name = row !== null && typeof row === "object" && "output" in row ? row.output : "";
    return typeof name === "string" ? name : "";
  });
}

/** Changes settings; a key with value undefined goes back to its default. Edges of a vanished error port go too. */
export function setSettings(
  document: WorkflowDocument,
  id: string,
  change: { [K in keyof NodeSettings]?: NodeSettings[K] | undefined },
): WorkflowDocument {
  const next = mapNode(document, id, (node) => {
    const settings = { ...node.settings, ...change };
    for (const key of Object.keys(settings) as (keyof NodeSettings)[]) {
      if (settings[key] === undefined) delete settings[key];
    }
    return { ...node, settings: settings as NodeSettings };
  });
  if (change.onError === undefined || change.onError === "branch") {
    return "onError" in change && change.onError === undefined ? withoutErrorEdges(next, id) : next;
  }
  return withoutErrorEdges(next, id);
}

function withoutErrorEdges(document: WorkflowDocument, id: string): WorkflowDocument {
  const edges = document.edges.filter((edge) => edge.source !== id || edge.sourcePort !== "error");
  return edges.length === document.edges.length ? document : { ...document, edges };
}

export function toggleDisabled(document: WorkflowDocument, ids: ReadonlySet<string>): WorkflowDocument {
  const chosen = document.nodes.filter((node) => ids.has(node.id));
  if (chosen.length === 0) return document;
  const disabled = !chosen.every((node) => node.settings.disabled);
  return {
    ...document,
    nodes: document.nodes.map((node) => {
      if (!ids.has(node.id)) return node;
      const { disabled: _, ...settings } = node.settings;
      return { ...node, settings: disabled ? { ...settings, disabled } : settings };
    }),
  };
}

/** Sets the output that a node gives in runs of the draft instead of running; null has it run again. */
export function setPinned(document: WorkflowDocument, id: string, pinned: WorkflowNode["pinned"]): WorkflowDocument {
  return mapNode(document, id, (node) => {
    const { pinned: before, ...rest } = node;
    if (pinned) return { ...rest, pinned };
    return before ? rest : node;
  });
}

/** Puts `node` onto `edge`: source -> node -> target. */
export function insertOnEdge(
  document: WorkflowDocument,
  edgeId: string,
  node: WorkflowNode,
  before: WorkflowEdge,
  after: WorkflowEdge,
): WorkflowDocument {
  return {
    ...document,
    nodes: [...document.nodes, node],
    edges: [...document.edges.filter((edge) => edge.id !== edgeId), before, after],
  };
}

export function setWorkflow(
  document: WorkflowDocument,
  change: { name?: string; description?: string; settings?: WorkflowSettings },
): WorkflowDocument {
  return { ...document, ...change };
}

import catalogJson from "../../../docs/reference/catalog.json";
import type { Catalogue } from "../graph/catalogue";
import type { Params, WorkflowDocument, WorkflowEdge, WorkflowNode } from "../graph/document";

/** The committed catalogue, as the API serves it. */
export const catalogue = catalogJson as unknown as Catalogue;

export function node(id: string, type: string, params: Params = {}, more: Partial<WorkflowNode> = {}): WorkflowNode {
  return { id, type, version: 1, name: id, params, position: { x: 0, y: 0 }, settings: {}, ...more };
}

export function edge(source: string, target: string, sourcePort = "main"): WorkflowEdge {
  return { id: `${source}-${sourcePort}-${target}`, source, sourcePort, target, targetPort: "main" };
}

/** start -> check -(true)-> yes, -(false)-> no */
export function branching(): WorkflowDocument {
  return {
    schema: 1,
    name: "Branching",
    nodes: [
      node("start", "manual_trigger", { items: [{ a: 1 }] }),
      node("check", "if", { conditions: [{ left: "{{ $json.a }}", type: "number", operator: "equals", right: 1 }] }),
      node("yes", "set_fields"),
      node("no", "no_op"),
    ],
    edges: [edge("start", "check"), edge("check", "yes", "true"), edge("check", "no", "false")],
  };
}

import { describe, expect, it } from "vitest";
import type { Catalogue } from "./catalogue";
import type { WorkflowDocument } from "./document";
import { agentOf, fromAi, isInTool } from "./tools";

const port = (name: string, below = false) => ({ name, label: name, emits: "maybe" as const, below });
const type = (name: string, outputs: ReturnType<typeof port>[]) => ({
  type: name,
  version: 1,
  inputs: [port("main")],
  outputs,
  outputsFrom: [],
  paramsSchema: { properties: {} },
});
const catalogue = {
  nodes: [type("agent", [port("main"), port("tools", true)]), type("step", [port("main")])],
} as unknown as Catalogue;
const node = (id: string, kind = "step") => ({
  id,
  type: kind,
  version: 1,
  name: id.toUpperCase(),
  params: {},
  position: { x: 0, y: 0 },
  settings: {},
});
const edge = (source: string, sourcePort: string, target: string) => ({
  id: `${source}-${target}`,
  source,
  sourcePort,
  target,
  targetPort: "main",
});
const document = {
  nodes: [node("a", "agent"), node("first"), node("second"), node("after")],
  edges: [edge("a", "tools", "first"), edge("first", "main", "second"), edge("a", "main", "after")],
} as unknown as WorkflowDocument;

describe("tools", () => {
  it("begin with what hangs below an agent", () => {
    expect(["first", "second", "after"].map((id) => agentOf(document, catalogue, id))).toEqual(["A", null, null]);
  });

  it("are all that this leads to", () => {
    expect(["first", "second", "after", "a"].map((id) => isInTool(document, catalogue, id))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it("ask for a field by its name, title and kind", () => {
    expect(fromAi("params.url", "URL", "text")).toBe("{{ $fromAI('url', 'URL', 'string') }}");
    expect(fromAi("params.query.0.max rows", "Don't", "number")).toBe("{{ $fromAI('max_rows', 'Don\\'t', 'number') }}");
  });
});

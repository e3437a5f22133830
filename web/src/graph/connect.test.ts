import { describe, expect, it } from "vitest";
import { catalogue, edge, node } from "../testing/catalogue";
import { findType, outputPorts } from "./catalogue";
import { refusal, upstream } from "./connect";
import type { WorkflowDocument } from "./document";

/** A node that runs a body, and the body's end leading back to it. */
const around = (type: string): WorkflowDocument => ({
  schema: 1,
  name: "W",
  nodes: [node("start", "manual_trigger"), node("region", type), node("body", "no_op"), node("after", "no_op")],
  edges: [
    edge("start", "region"),
    edge("region", "body", type),
    { ...edge("body", "region"), targetPort: "back" },
    edge("region", "after", "done"),
  ],
});

describe.each(["loop", "try"])("what a %s runs", (type) => {
  it("may lead back to it, and comes before nothing but itself", () => {
    const document = around(type);
    const open = { ...document, edges: document.edges.filter(({ targetPort }) => targetPort !== "back") };
    const back = { source: "body", sourcePort: "main", target: "region", targetPort: "back" };
    expect(refusal(open, catalogue, back)).toBeNull();
    expect(refusal(open, catalogue, { ...back, targetPort: "main" })).toBe("cycle");
    expect(upstream(document, "after")).toEqual(["region", "start"]);
  });
});

it("a try has one error port, whatever its settings say", () => {
  const region = node("region", "try", {}, { settings: { onError: "branch" } });
  const names = outputPorts(region, findType(catalogue, "try", 1)).map(({ name }) => name);
  expect(names).toEqual(["done", "try", "error"]);
});

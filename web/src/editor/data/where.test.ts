// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { setPinned } from "../../graph/reducers";
import { branching, catalogue } from "../../testing/catalogue";
import { inputOf, previewRequest } from "./where";

describe("previewRequest", () => {
  it("says which ports lead to a node, what is before it, and what is pinned there", () => {
    const document = setPinned(branching(), "check", { true: [{ json: { a: 1 } }] });
    expect(inputOf(document, catalogue, "yes")).toEqual([{ nodeId: "check", port: "true" }]);
    expect(previewRequest(document, catalogue, "yes", "w", "e")).toEqual({
      executionId: "e",
      input: [{ nodeId: "check", port: "true" }],
      names: { check: "check", start: "start" },
      pinned: { check: { true: [{ json: { a: 1 } }] } },
      workflowId: "w",
      workflowName: "Branching",
      timeZone: "UTC",
    });
  });
});

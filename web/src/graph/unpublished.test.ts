import { describe, expect, it } from "vitest";
import { branching, edge, node } from "../testing/catalogue";
import type { WorkflowDocument } from "./document";
import { unpublished } from "./unpublished";

const changed = (change: (draft: WorkflowDocument) => void): WorkflowDocument => {
  const draft = structuredClone(branching());
  change(draft);
  return draft;
};

describe("unpublished", () => {
  it("is nothing for the same document", () => {
    expect(unpublished(branching(), branching())).toEqual({ changes: 0, onlyLooks: false });
  });

  it("counts nodes, connections and settings that make runs differ, each once", () => {
    const draft = changed((document) => {
      document.nodes.push(node("more", "no_op"));
      document.edges.push(edge("yes", "more"));
      Object.assign(document.nodes[1]?.params ?? {}, { combine: "or", ignoreCase: true });
      document.settings = { mode: "standard", timeZone: "Europe/Berlin" };
      document.name = "Another";
    });
    expect(unpublished(branching(), draft)).toEqual({ changes: 6, onlyLooks: false });
  });

  it("does not count what runs do not read", () => {
    const draft = changed((document) => {
      const [first, second, third] = document.nodes;
      if (!first || !second || !third) return;
      first.position = { x: 500, y: 0 };
      second.settings = { notes: "Why" };
      third.pinned = { main: [{ json: { a: 1 } }] };
      document.description = "What it is for";
      document.notes = [
        {
          id: "n",
          kind: "note",
          text: "Look",
          color: "yellow",
          position: { x: 0, y: 0 },
          size: { width: 1, height: 1 },
        },
      ] as unknown as NonNullable<WorkflowDocument["notes"]>;
    });
    expect(unpublished(branching(), draft)).toEqual({ changes: 0, onlyLooks: true });
  });
});

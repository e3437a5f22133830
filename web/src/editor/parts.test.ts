import { describe, expect, it } from "vitest";
import { setSettings } from "../graph/reducers";
import { branching, catalogue } from "../testing/catalogue";
import { canRunPart, partRequest } from "./parts";

describe("canRunPart", () => {
  it("takes steps, not triggers, not what is disabled, not what is not there", () => {
    const document = branching();
    expect(canRunPart(document, catalogue, "check")).toBe(true);
    expect(canRunPart(document, catalogue, "start")).toBe(false);
    expect(canRunPart(setSettings(document, "check", { disabled: true }), catalogue, "check")).toBe(false);
    expect(canRunPart(document, catalogue, "gone")).toBe(false);
  });
});

describe("partRequest", () => {
  it("runs a node alone with the data of the earlier run, where there is one", () => {
    expect(partRequest("only", "n", "e")).toEqual({ onlyNodeId: "n", fromExecutionId: "e" });
    expect(partRequest("only", "n", null)).toEqual({ onlyNodeId: "n" });
  });

  it("cannot run from a node without an earlier run", () => {
    expect(partRequest("from", "n", "e")).toEqual({ startNodeId: "n", fromExecutionId: "e" });
    expect(partRequest("from", "n", null)).toBeNull();
  });
});

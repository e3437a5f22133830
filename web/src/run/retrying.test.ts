import { describe, expect, it } from "vitest";
import { setSettings } from "../graph/reducers";
import { branching, catalogue } from "../testing/catalogue";
import { firstFailed, startingPlaces } from "./retrying";
import { emptyRun, type RunState, withEvents } from "./state";

const at = (second: number) => `2026-11-23T10:00:0${second}Z`;

function failedRun(): RunState {
  return withEvents(emptyRun("e"), [
    { seq: 1, id: "1", type: "execution.started", at: at(0) },
    { seq: 2, id: "2", type: "node.started", nodeId: "check", at: at(1) },
    { seq: 3, id: "3", type: "node.started", nodeId: "yes", at: at(2) },
    { seq: 4, id: "4", type: "node.failed", nodeId: "yes", at: at(3) },
    { seq: 5, id: "5", type: "node.failed", nodeId: "check", at: at(4) },
  ]);
}

describe("firstFailed", () => {
  it("is the node whose failure came first, not the one that began first", () => {
    expect(firstFailed(failedRun())).toBe("yes");
    expect(firstFailed(emptyRun("e"))).toBeNull();
  });
});

describe("startingPlaces", () => {
  it("lists enabled steps in the order they began; those that never did come last", () => {
    expect(startingPlaces(branching(), catalogue, failedRun()).map(({ id }) => id)).toEqual(["check", "yes", "no"]);
    const disabled = setSettings(branching(), "yes", { disabled: true });
    expect(startingPlaces(disabled, catalogue, failedRun()).map(({ id }) => id)).toEqual(["check", "no"]);
  });
});

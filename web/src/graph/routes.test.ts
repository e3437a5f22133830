import { describe, expect, it } from "vitest";
import { edge } from "../testing/catalogue";
import type { Box } from "./geometry";
import { detours } from "./routes";

const at = (x: number, y: number, height = 64): Box => ({ x, y, width: 220, height });
const back = (source: string, target: string) => ({ ...edge(source, target), targetPort: "back" });

describe("connections that lead back", () => {
  it("leave those that lead forward alone", () => {
    const boxes = new Map([
      ["a", at(0, 0)],
      ["b", at(320, 400)],
    ]);
    expect(detours([edge("a", "b")], boxes)).toEqual(new Map());
  });

  it("run below all that is between their ends, and no further down", () => {
    const boxes = new Map([
      ["loop", at(0, 0, 112)],
      ["tall", at(320, 0, 200)],
      ["low", at(640, 210)],
      ["end", at(960, 0)],
      ["elsewhere", at(320, 900)],
      ["beyond", at(1600, 0, 600)],
    ]);
    const y = detours([back("end", "loop")], boxes).get("end-main-loop") ?? 0;
    expect(y).toBeGreaterThan(274);
    expect(y).toBeLessThan(400);
  });

  it("run between two rows where nothing is in the way", () => {
    const boxes = new Map([
      ["above", at(640, 0)],
      ["under", at(0, 160)],
      ["between", at(320, 100)],
    ]);
    expect(detours([back("above", "under")], boxes).get("above-main-under")).toBe(252);
    boxes.delete("between");
    expect(detours([back("above", "under")], boxes).get("above-main-under")).toBe(112);
  });

  it("share a line into the same node, and run beside those into another, the shorter ones nearer", () => {
    const boxes = new Map([
      ["outer", at(0, 0)],
      ["inner", at(320, 0)],
      ["yes", at(640, 0)],
      ["no", at(960, 0)],
      ["end", at(1280, 0)],
    ]);
    const edges = [back("end", "outer"), back("yes", "inner"), back("no", "inner")];
    const found = detours(edges, boxes);
    expect(found.get("yes-main-inner")).toBe(found.get("no-main-inner"));
    expect(found.get("end-main-outer")).toBeGreaterThan(found.get("no-main-inner") ?? 0);
  });

  it("do without nodes that are gone", () => {
    expect(detours([back("gone", "loop")], new Map([["loop", at(0, 0)]]))).toEqual(new Map());
  });
});

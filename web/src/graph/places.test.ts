import { describe, expect, it } from "vitest";
import { branching, catalogue, edge, node } from "../testing/catalogue";
import { aligned } from "./align";
import type { WorkflowDocument } from "./document";
import { boxOf } from "./geometry";
import { laidOut } from "./layout";
import { moveNodes } from "./reducers";

const row = (): WorkflowDocument =>
  moveNodes(
    branching(),
    new Map([
      ["start", { x: 0, y: 0 }],
      ["check", { x: 300, y: 30 }],
      ["yes", { x: 1000, y: 90 }],
    ]),
  );
const ids = new Set(["start", "check", "yes"]);

describe("aligned", () => {
  it("puts nodes in one line", () => {
    expect([...aligned(row(), catalogue, ids, "top").values()].map(({ y }) => y)).toEqual([0, 0, 0]);
    expect([...aligned(row(), catalogue, ids, "left").values()].map(({ x }) => x)).toEqual([0, 0, 0]);
    const bottoms = aligned(row(), catalogue, ids, "bottom");
    const document = moveNodes(row(), bottoms);
    const boxes = document.nodes.filter(({ id }) => ids.has(id)).map((one) => boxOf(one, catalogue));
    expect(new Set(boxes.map(({ y, height }) => y + height)).size).toBe(1);
  });

  it("spreads them at equal distances, the outermost where they are", () => {
    const places = aligned(row(), catalogue, ids, "spreadX");
    expect([places.get("start")?.x, places.get("check")?.x, places.get("yes")?.x]).toEqual([0, 500, 1000]);
  });

  it("needs two nodes", () => {
    expect(aligned(row(), catalogue, new Set(["start"]), "left").size).toBe(0);
  });
});

describe("laidOut", () => {
  it("goes from left to right without nodes on each other, and a loop's way back changes nothing", async () => {
    const loop: WorkflowDocument = {
      ...branching(),
      nodes: [...branching().nodes, node("loop", "loop"), node("body", "no_op")],
      edges: [
        ...branching().edges,
        edge("yes", "loop"),
        edge("loop", "body", "loop"),
        { ...edge("body", "loop"), targetPort: "back" },
      ],
    };
    const document = moveNodes(loop, await laidOut(loop, catalogue, new Set()));
    const boxes = new Map(document.nodes.map((one) => [one.id, boxOf(one, catalogue)]));
    for (const { source, target, targetPort } of document.edges) {
      if (targetPort === "back") continue;
      expect(boxes.get(target)?.x).toBeGreaterThan((boxes.get(source)?.x ?? 0) + 220);
    }
    const all = [...boxes.values()];
    for (const one of all) {
      for (const other of all) {
        const apart =
          Math.abs(one.x - other.x) >= 220 || one.y + one.height <= other.y || other.y + other.height <= one.y;
        expect(one === other || apart).toBe(true);
      }
    }
  });

  it("moves only what is chosen", async () => {
    const places = await laidOut(row(), catalogue, new Set(["start", "check"]));
    expect([...places.keys()].sort()).toEqual(["check", "start"]);
    expect(places.get("start")).toEqual({ x: 0, y: 0 });
  });
});

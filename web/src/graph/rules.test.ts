import { describe, expect, it } from "vitest";
import { branching, catalogue, edge, node } from "../testing/catalogue";
import { findType, newestTypes, outputPorts } from "./catalogue";
import { pathBetween, refusal, upstream } from "./connect";
import { defaultParams, starterDocument, uniqueName } from "./create";
import type { Params, WorkflowDocument } from "./document";
import { boxOf, freeFor, freePlace, GRID, NODE_HEIGHT, shapeOf } from "./geometry";
import { recorded, redone, sealed, started, undone } from "./history";
import { searchTypes } from "./palette";
import { subtitle } from "./template";

const wanted = (source: string, target: string, sourcePort = "main", targetPort = "main") => ({
  source,
  sourcePort,
  target,
  targetPort,
});

describe("connections", () => {
  it.each([
    ["to itself", wanted("yes", "yes"), "self"],
    ["from a node that is gone", wanted("gone", "yes"), "noNode"],
    ["from a port that is not there", wanted("yes", "no", "true"), "noOutput"],
    ["into a trigger", wanted("yes", "start"), "noInput"],
    ["twice", wanted("start", "check"), "exists"],
    ["in a circle", wanted("yes", "check"), "cycle"],
    ["side by side", wanted("yes", "no"), null],
    ["past a node", wanted("start", "yes"), null],
  ])("%s", (_, connection, verdict) => {
    expect(refusal(branching(), catalogue, connection)).toBe(verdict);
  });

  it("allows a circle that closes at a loop's input back, and no other", () => {
    const document = branching();
    document.nodes.push(node("loop", "loop"));
    document.edges.push({ ...edge("loop", "check"), id: "body", sourcePort: "loop" });
    expect(refusal(document, catalogue, wanted("yes", "loop"))).toBe("cycle");
    const back = wanted("yes", "loop", "main", "back");
    expect(refusal(document, catalogue, back)).toBeNull();
    document.edges.push({ ...back, id: "back" });
    expect(refusal(document, catalogue, wanted("start", "loop"))).toBeNull();
    expect(refusal(document, catalogue, wanted("no", "check"))).toBe("cycle");
  });

  it("gives a node the ports that its rows name, each once", () => {
    const entry = findType(catalogue, "switch", 1);
    const rules = [
      { output: "gold" },
      { output: "silver" },
      { output: "gold" },
      { output: "" },
      { output: "fallback" },
    ];
    const ports = (params: Params) => outputPorts(node("a", "switch", params), entry).map(({ name }) => name);
    expect(ports({ rules })).toEqual(["gold", "silver", "fallback"]);
    expect(ports({ rules: "{{ $json }}" })).toEqual(["fallback"]);
    expect(ports({})).toEqual(["fallback"]);
    expect(ports({ rules, fallback: "none" })).toEqual(["gold", "silver", "fallback"]);
    expect(ports({ rules: rules.slice(0, 2), fallback: "none" })).toEqual(["gold", "silver"]);
    expect(ports({ rules: rules.slice(0, 2), fallback: "output", fallbackOutput: "gold" })).toEqual(["gold", "silver"]);
    const outputs = [{ output: "de" }, { output: "__proto__" }];
    expect(ports({ rules, mode: "expression", outputs })).toEqual(["de", "__proto__"]);
    expect(ports({ mode: "expression", outputs, otherwise: "extra" })).toEqual(["de", "__proto__", "fallback"]);
    expect(ports({ rules, outputs })).toEqual(["gold", "silver", "fallback"]);
  });

  it("shows a port only where the parameters use it", () => {
    const entry = findType(catalogue, "wait", 1);
    const ports = (params: Params) => outputPorts(node("a", "wait", params), entry).map(({ name }) => name);
    expect(ports({})).toEqual(["main"]);
    expect(ports({ mode: "callback" })).toEqual(["main", "timeout"]);
  });

  it("opens the error port only where failures branch", () => {
    const entry = findType(catalogue, "http_request", 1);
    const plain = node("a", "http_request");
    const branch = node("a", "http_request", {}, { settings: { onError: "branch" } });
    expect(outputPorts(plain, entry).map(({ name }) => name)).toEqual(["main"]);
    expect(outputPorts(branch, entry).map(({ name }) => name)).toEqual(["main", "error"]);
  });

  it("finds paths and what lies upstream, nearest first", () => {
    expect(pathBetween(branching(), "start", "yes")).toEqual(["start", "check", "yes"]);
    expect(pathBetween(branching(), "yes", "start")).toBeNull();
    expect(upstream(branching(), "yes")).toEqual(["check", "start"]);
  });

  it("counts what leads back to a loop as behind it, not before it", () => {
    const document: WorkflowDocument = {
      ...branching(),
      nodes: [node("start", "manual_trigger"), node("loop", "loop"), node("body", "no_op"), node("after", "no_op")],
      edges: [
        edge("start", "loop"),
        edge("loop", "body", "loop"),
        { ...edge("body", "loop"), targetPort: "back" },
        edge("loop", "after", "done"),
      ],
    };
    expect(upstream(document, "after")).toEqual(["loop", "start"]);
    expect(upstream(document, "body")).toEqual(["loop", "start"]);
  });
});

describe("palette", () => {
  it("offers the newest version of each type", () => {
    const [first] = catalogue.nodes;
    if (!first) throw new Error("the catalogue is empty");
    const newest = newestTypes({ credentials: [], nodes: [first, { ...first, version: 2 }] });
    expect(newest.map(({ version }) => version)).toEqual([2]);
  });

  it("puts names that start with the search first", () => {
    expect(searchTypes(catalogue, "web").map(({ type }) => type)[0]).toBe("webhook_trigger");
    expect(searchTypes(catalogue, "no such thing")).toEqual([]);
  });
});

describe("new nodes", () => {
  it("numbers names that are taken", () => {
    expect(uniqueName("Code", [])).toBe("Code");
    expect(uniqueName("Code", ["Code", "Code 2"])).toBe("Code 3");
    expect(uniqueName("Code 2", ["Code 2"])).toBe("Code 3");
  });

  it("start with the schema's defaults, copied", () => {
    const entry = findType(catalogue, "http_request", 1);
    if (!entry) throw new Error("the catalogue has no http_request");
    expect(defaultParams(entry)).toMatchObject({ method: "GET", splitArrays: true });
  });

  it("make a starter workflow of known types and legal connections", () => {
    const document = starterDocument(catalogue, "Starter");
    expect(document.nodes.map(({ name }) => name)).toEqual([
      "Start",
      "Add tax",
      "Large order?",
      "Needs approval",
      "Approved",
    ]);
    for (const [index, connection] of document.edges.entries()) {
      const before = { ...document, edges: document.edges.slice(0, index) };
      expect(refusal(before, catalogue, connection)).toBeNull();
    }
  });
});

const plain = { name: "main", label: "", emits: "always" as const };

describe("geometry", () => {
  it("keeps ports inside a node of any number of them", () => {
    for (let count = 1; count <= 8; count += 1) {
      const ports = Array.from({ length: count }, (_, index) => ({ ...plain, name: `p${index}` }));
      for (const shape of [shapeOf([plain], ports), shapeOf(ports, [plain]), shapeOf(ports, ports)]) {
        for (const places of [shape.inputs, shape.outputs]) {
          expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
          expect(places[0]).toBeGreaterThan(8);
          expect(places.at(-1)).toBeLessThan(shape.height - 8);
        }
      }
    }
  });

  it("leaves a node plain while its ports fit beside the name, and level with plain ones on a side with one port", () => {
    const ports = (...labels: string[]) => labels.map((label) => ({ ...plain, name: label, label }));
    expect(shapeOf([plain], ports("True", "False"))).toMatchObject({ height: NODE_HEIGHT, rows: false });
    expect(shapeOf([plain], ports("a way with a long name", "Otherwise"))).toMatchObject({ rows: true });
    expect(shapeOf([plain], ports("a", "b", "c")).inputs).toEqual(shapeOf([plain], [plain]).inputs);
    expect(shapeOf([plain], [])).toMatchObject({ height: NODE_HEIGHT, outputs: [] });
  });

  it("keeps new nodes off tall ones", () => {
    const rules = Array.from({ length: 9 }, (_, index) => ({ output: `way${index}` }));
    const document = { ...branching(), nodes: [node("a", "switch", { rules })], edges: [] };
    const { height } = boxOf(node("a", "switch", { rules }), catalogue);
    expect(height).toBeGreaterThan(3 * NODE_HEIGHT);
    expect(freePlace(document, catalogue, { x: 0, y: 120 }).y).toBeGreaterThan(height);
  });

  it("goes below what is in the way", () => {
    const place = freePlace(branching(), catalogue, { x: 3, y: 4 });
    expect(place.x).toBe(0);
    expect(place.y).toBeGreaterThan(64);
  });

  it("of a note leaves every node in sight", () => {
    const size = { width: 240, height: 160 };
    const document = branching();
    const [first] = document.nodes;
    const at = first?.position ?? { x: 0, y: 0 };
    const place = freeFor(document, catalogue, { x: at.x - 100, y: at.y - 80 }, size, GRID);
    const over = ({ x, y }: { x: number; y: number }) =>
      document.nodes
        .map((node) => boxOf(node, catalogue))
        .some((box) => x < box.x + box.width && box.x < x + 240 && y < box.y + box.height && box.y < y + 160);
    expect(over(place)).toBe(false);
    expect(place.y).toBeGreaterThan(at.y - 80);
  });
});

describe("history", () => {
  it("undoes and redoes, and forgets the future on a change", () => {
    let history = recorded(recorded(started(1), 2), 3);
    history = undone(history);
    expect([history.present, redone(history).present]).toEqual([2, 3]);
    expect(redone(recorded(history, 9)).present).toBe(9);
    expect(undone(undone(undone(history))).present).toBe(1);
  });

  it("makes one step of changes with one key, until it is sealed", () => {
    const typed = recorded(recorded(started("a"), "ab", "name"), "abc", "name");
    expect(undone(typed).present).toBe("a");
    expect(undone(recorded(sealed(typed), "abcd", "name")).present).toBe("abc");
  });
});

describe("subtitle", () => {
  it.each([
    [node("a", "http_request", { method: "POST", url: "https://x.dev" }), "POST https://x.dev"],
    [node("a", "http_request", {}), "GET"],
    [node("a", "database", { operation: "insert", table: "orders" }), "Insert rows orders"],
    [node("a", "code"), "Code"],
    [node("a", "limit", { count: 10 }), "The first 10"],
    [node("a", "wait", { amount: 2, unit: "hours" }), "2 hours"],
    [node("a", "wait", { amount: 1, unit: "days" }), "1 day"],
    [node("a", "wait", { amount: 1.5, unit: "days" }), "1.5 days"],
    [node("a", "wait", { amount: 0 }), "0 seconds"],
    [node("a", "wait", { amount: "{{ $json.n }}", unit: "minutes" }), "{{ $json.n }} minutes"],
    [node("a", "wait", { amount: "1", unit: "minutes" }), "1 minute"],
    [node("a", "throttle", { limit: 5, period: 1, unit: "minutes" }), "5 in 1 minute"],
    [node("a", "throttle", { limit: 5 }), "5 in 1 minute"],
    [node("a", "wait", { mode: "until", until: "2026-12-24" }), "2026-12-24"],
    [node("a", "wait", { mode: "callback", amount: 2 }), "Wait"],
    [node("a", "unknown_thing"), "unknown_thing v1"],
  ])("%j", (shown, text) => {
    expect(subtitle(shown, findType(catalogue, shown.type, 1))).toBe(text);
  });
});

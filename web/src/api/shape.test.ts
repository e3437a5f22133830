import { describe, expect, it } from "vitest";
import { misfit, sensible } from "./shape";
import { routes, types } from "./shapes.json";

const known = { Page: { items: "[]Row", next: "?s" }, Row: { id: "s", size: "n", on: "b", any: "*", data: "{}" } };
const row = { id: "a", size: 1, on: true, any: null, data: {} };

describe("the shape of an answer", () => {
  it("fits, whatever else it has", () => {
    expect(misfit({ items: [row, { ...row, more: 1 }], next: null }, "Page", known)).toBeNull();
    expect(misfit({ items: [], next: "x" }, "Page", known)).toBeNull();
  });

  it.each([
    [null, ""],
    [[], ""],
    ["page", ""],
    [{ next: null }, "items"],
    [{ items: {}, next: null }, "items"],
    [{ items: [row] }, "next"],
    [{ items: [row, { ...row, size: "1" }], next: null }, "items.1.size"],
    [{ items: [{ ...row, data: [] }], next: null }, "items.0.data"],
    [{ items: [{ ...row, on: 0 }], next: null }, "items.0.on"],
  ])("of %j is told to be wrong", (value, where) => {
    expect(misfit(value, "Page", known)).toBe(where);
  });

  it("is told with the route, and what to do", () => {
    expect(() => sensible("GET /api/workflows", 200, "<html>")).toThrow(/GET \/api\/workflows is not JSON.*Try again/);
    expect(() => sensible("GET /api/workflows", 200, '{"items": 5}')).toThrow(/“items”/);
    expect(sensible("GET /api/unknown", 200, "5")).toBe(5);
  });

  it("is known of every route, down to plain values", () => {
    const names = Object.keys(types);
    const kinds = [...Object.values(routes), ...Object.values(types).flatMap((type) => Object.values(type))];
    for (const kind of kinds) {
      const bare = kind.replace(/^(\?|\[\])+/, "");
      expect([...names, "s", "n", "b", "{}", "*"], kind).toContain(bare);
    }
  });
});

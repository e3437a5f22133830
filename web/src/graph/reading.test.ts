import { describe, expect, it } from "vitest";
import { branching } from "../testing/catalogue";
import { flawOf, parsed, sameJson, twinIn } from "./reading";

const node = { id: "a", type: "code", name: "A" };
const whole = (more: Record<string, unknown>) => ({ schema: 1, name: "W", nodes: [node], edges: [], ...more });

describe("a document from outside", () => {
  it("is fine with what the API may leave out, and with types nobody knows", () => {
    expect(flawOf(branching())).toBeNull();
    expect(flawOf({ name: "W" })).toBeNull();
    expect(flawOf(whole({ nodes: [{ ...node, type: "from_the_future", version: 9, pinned: null }] }))).toBeNull();
  });

  it.each([null, 5, "text", [], {}, { name: 5, nodes: [] }])("is none: %j", (value) => {
    expect(flawOf(value)).toEqual({ code: "notWorkflow" });
  });

  it("of a newer schema is told by it, whatever else is in it", () => {
    expect(flawOf({ schema: 2, name: "W", nodes: { grouped: true } })).toEqual({ code: "newer", found: 2 });
  });

  it.each([
    [whole({ nodes: "none" }), { field: "nodes", must: "list" }],
    [whole({ settings: [] }), { field: "settings", must: "object" }],
    [whole({ nodes: [node, 5] }), { list: "nodes", index: 1, field: "", must: "object" }],
    [whole({ nodes: [{ ...node, id: "<b>" }] }), { list: "nodes", index: 0, name: "A", field: "id", must: "id" }],
    [whole({ nodes: [{ ...node, name: "" }] }), { list: "nodes", index: 0, field: "name", must: "name" }],
    [whole({ nodes: [{ ...node, version: 1.5 }] }), { field: "version", must: "whole" }],
    [whole({ nodes: [{ ...node, params: [] }] }), { field: "params", must: "object" }],
    [whole({ nodes: [{ ...node, position: { x: "1", y: 2 } }] }), { field: "position", must: "place" }],
    [whole({ edges: [{ id: "e", source: "a" }] }), { list: "edges", index: 0, field: "target", must: "id" }],
    [
      whole({ notes: [{ id: "s", text: 5, position: { x: 0, y: 0 } }] }),
      { list: "notes", field: "text", must: "text" },
    ],
  ])("tells what is wrong, and where (%#)", (value, flaw) => {
    expect(flawOf(value)).toMatchObject({ code: "field", ...flaw });
  });
});

describe("twins", () => {
  it("are found among nodes and notes", () => {
    const note = { id: "s", text: "", position: { x: 0, y: 0 } };
    expect(twinIn({ nodes: [node, { ...node, id: "b" }], notes: [note] })).toBeNull();
    expect(twinIn({ nodes: [node, { ...node, name: "B" }] })).toMatchObject({ list: "nodes", index: 1, name: "B" });
    expect(twinIn({ nodes: [node], notes: [{ ...note, id: "a" }] })).toMatchObject({ list: "notes", index: 0 });
  });
});

describe("JSON from people", () => {
  it("is parsed, or told where it ends to be JSON", () => {
    expect(parsed('{"a": 1}')).toEqual({ value: { a: 1 } });
    expect(parsed('{\n  "a": 1,,\n}')).toEqual({ flaw: { code: "notJson", line: 2, column: 10 } });
  });

  it.each([
    ["", 1, 1],
    ["<html>", 1, 1],
    ["[1, 2", 1, 6],
    ['{"a": 1,\n "b": [,]}', 2, 8],
    ['{"a": 1,}', 1, 9],
    ["{a: 1}", 1, 2],
    ['{"a" 1}', 1, 6],
    ['["\\u00zz"]', 1, 3],
    ['["ab\ncd"]', 1, 5],
    ['["', 1, 3],
    ["[1] 2", 1, 5],
    ["[01]", 1, 3],
    ["{]", 1, 2],
    ["[1}", 1, 3],
    ["'x'", 1, 1],
  ])("stops in %j", (text, line, column) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(parsed(text)).toEqual({ flaw: { code: "notJson", line, column } });
  });

  it("is the same in any order of keys, and with keys that say nothing", () => {
    expect(sameJson({ a: [1, { b: null, c: undefined }], d: "x" }, { d: "x", a: [1, { b: null }] })).toBe(true);
    expect(sameJson({ a: 1 }, { a: "1" })).toBe(false);
    expect(sameJson([1, 2], [2, 1])).toBe(false);
    expect(sameJson({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(sameJson([], {})).toBe(false);
  });
});

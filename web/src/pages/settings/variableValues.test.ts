import { describe, expect, it } from "vitest";
import { read, shown, written } from "./variableValues";

describe("values of variables", () => {
  it.each([
    ["text", " a ", " a "],
    ["text", "", ""],
    ["number", " -2.5e3 ", -2500],
    ["boolean", "false", false],
    ["json", '{"a": [1]}', { a: [1] }],
  ])("reads a %s", (kind, text, value) => expect(read(kind, text)).toEqual({ value }));

  it.each([
    ["number", "2,5"],
    ["number", "0x10"],
    ["number", "1e999"],
    ["number", ""],
    ["json", '"text"'],
    ["json", "null"],
    ["json", "{a: 1}"],
  ])("refuses a %s that is none: %s", (kind, text) => expect(read(kind, text)).toHaveProperty("wrong"));

  it("writes values as they are read", () => {
    for (const value of [{ a: [1, "ä"] }, [], 0, false, "x"]) {
      const kind = typeof value === "object" ? "json" : typeof value === "string" ? "text" : typeof value;
      expect(read(kind, written(value))).toEqual({ value });
    }
    expect([shown(undefined), shown({ a: 1 }), shown("x")]).toEqual(["", '{"a":1}', "x"]);
  });
});

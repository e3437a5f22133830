import { describe, expect, test } from "vitest";
import { cellText, fieldText, isUnary, moved, operatorsFor, readText } from "./cells";

describe("cells", () => {
  test.each([
    [null, "text", "", ""],
    ["a", "text", "a", "a"],
    [0, "number", "0", "0"],
    ["9007199254740993", "number", "9007199254740993", "9007199254740993"],
    [false, "boolean", "false", "false"],
    ["2026-11-24T00:00:00.000Z", "date", "2026-11-24 00:00Z", "2026-11-24T00:00:00.000Z"],
    ["2026-11-24T10:20:30.500Z", "date", "2026-11-24 10:20:30.500Z", "2026-11-24T10:20:30.500Z"],
    [JSON.parse('{"__proto__":1}'), "json", '{"__proto__":1}', '{"__proto__":1}'],
    ["", "json", '""', '""'],
  ] as const)("show %j of a %s column", (value, type, shown, written) => {
    expect([cellText(value, type), fieldText(value, type)]).toEqual([shown, written]);
  });

  test("what is written is a value, or a problem", () => {
    expect(readText(" 12 ", "number")).toEqual({ value: " 12 " });
    expect(readText("[1]", "json")).toEqual({ value: [1] });
    expect(readText(" ", "json")).toEqual({ value: null });
    expect(readText("{a", "json")).toHaveProperty("problem");
  });

  test("every type has comparisons, and those that need no value", () => {
    expect(operatorsFor("boolean").every(isUnary)).toBe(true);
    expect(isUnary(operatorsFor("text")[0] ?? "isEmpty")).toBe(false);
  });

  test.each([
    ["ArrowDown", { row: 1, column: 1 }],
    ["ArrowUp", { row: 0, column: 1 }],
    ["End", { row: 0, column: 2 }],
    ["PageDown", { row: 3, column: 1 }],
    ["constructor", null],
    ["x", null],
  ])("%s moves within the grid", (key, wanted) => {
    expect(moved(key, { row: 0, column: 1 }, 4, 3)).toEqual(wanted);
  });
});

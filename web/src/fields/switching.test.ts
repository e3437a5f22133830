import { describe, expect, it } from "vitest";
import { asExpression, needsText, textOf, valueFrom, withoutExpressions } from "./switching";

describe("a field that is fixed or an expression", () => {
  it.each([
    ["5", "number", 5],
    [" 5. ", "number", 5],
    ["-1e3", "number", -1000],
    ["5 {{ 1 }}", "number", "5 {{ 1 }}"],
    ["five", "number", "five"],
    ["true", "boolean", true],
    ["", "number", undefined],
    ["5", "select", "5"],
  ] as const)("reads %j in a %s as %j", (text, kind, value) => {
    expect(valueFrom(text, kind)).toBe(value);
  });

  it("becomes an expression that gives what was fixed", () => {
    expect([5, true, "a", "", undefined, "{{ 1 }}"].map(asExpression)).toEqual([
      "{{ 5 }}",
      "{{ true }}",
      '{{ "a" }}',
      "{{  }}",
      "{{  }}",
      "{{ 1 }}",
    ]);
  });

  it("is shown as text where its control has no place for it", () => {
    expect(needsText("{{ 1 }}", "number")).toBe(true);
    expect(needsText("five", "number")).toBe(true);
    expect(needsText(5, "number")).toBe(false);
    expect(needsText("no", "boolean")).toBe(true);
    expect(needsText("a", "select")).toBe(false);
    expect(needsText("Europe/Berlin", "timeZone")).toBe(false);
    expect(needsText("{{ $json.zone }}", "timeZone")).toBe(true);
  });

  it("loses its expressions and nothing else", () => {
    expect(withoutExpressions("Dear {{ $json.a }}, {{ 1 }}")).toBe("Dear , ");
    expect(withoutExpressions("Dear {{ $json.a")).toBe("Dear ");
    expect(textOf({ a: 1 })).toBe('{"a":1}');
  });
});

import { describe, expect, it } from "vitest";
import type { NodeType } from "../graph/catalogue";
import { asksOf, type InputField, inputsOf, inputValue, questionOf, type Start } from "./triggers";

const start = (params: Record<string, unknown>, trigger = "manual") =>
  ({ node: { id: "n", name: "N", params }, entry: { trigger } as NodeType }) as unknown as Start;
const field = (type: InputField["type"], required = false): InputField => ({
  name: "x",
  label: "X",
  type,
  required,
  options: [],
  initial: "",
});

describe("what a manual trigger asks for", () => {
  it("is read off its parameters", () => {
    const rows = [
      { name: "size", type: "choice", options: " S \n\nM", default: "M" },
      { name: "" },
      { name: "ok", type: "boolean" },
    ];
    const [size, ok, ...rest] = inputsOf(start({ fields: rows }));
    expect(size).toEqual({
      name: "size",
      label: "size",
      type: "choice",
      required: false,
      options: ["S", "M"],
      initial: "M",
    });
    expect(ok?.initial).toBe("false");
    expect(rest).toEqual([]);
    expect(inputsOf(start({ fields: rows }, "workflow"))).toEqual([]);
    expect([questionOf(start({ confirm: " Sure? " })), questionOf(start({}))]).toEqual(["Sure?", ""]);
  });

  it("is a form each time, or the request that it stands for", () => {
    expect(asksOf(start({ fields: [{ name: "a" }] }))).toBe("form");
    expect(asksOf(start({ confirm: "Sure?" }))).toBe("form");
    expect(asksOf(start({ items: [{ a: 1 }] }))).toBe("nothing");
    expect(["webhook", "app", "form", "schedule"].map((kind) => asksOf(start({}, kind)))).toEqual([
      "items",
      "items",
      "items",
      "nothing",
    ]);
  });

  it.each([
    [field("text"), "a", { value: "a" }],
    [field("text"), " ", { value: null }],
    [field("text", true), " ", { wrong: "missing" }],
    [field("number"), "-1.5", { value: -1.5 }],
    [field("number"), "1e400", { wrong: "number" }],
    [field("number"), "two", { wrong: "number" }],
    [field("boolean"), "true", { value: true }],
    [field("date"), "2026-12-24", { value: "2026-12-24" }],
    [field("json"), "[1]", { value: [1] }],
    [field("json"), "{", { wrong: "json" }],
  ])("%o with %s", (of, text, expected) => {
    expect(inputValue(of, text)).toEqual(expected);
  });
});

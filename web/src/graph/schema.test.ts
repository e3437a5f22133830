import { describe, expect, it } from "vitest";
import { expressionPath, nodeRoot, schemaOf } from "./schema";

describe("schemaOf", () => {
  it("names the fields of all items with a sample of each", () => {
    const [a, b, c] = schemaOf([
      { a: null, b: { x: 1 } },
      { a: "text", c: [{ y: true }, { y: false }] },
    ]);
    expect(a).toMatchObject({ key: "a", type: "text", sample: "text", children: [] });
    expect(b?.children[0]).toMatchObject({ path: ["b", "x"], type: "number", sample: 1 });
    expect(c?.type).toBe("list");
    expect(c?.children[0]?.children[0]).toMatchObject({ path: ["c", 0, "y"], type: "boolean" });
  });

  it("ends where data is nested too deeply", () => {
    let deep: Record<string, unknown> = { end: 1 };
    for (let level = 0; level < 20; level += 1) deep = { deep };
    let depth = 0;
    for (let fields = schemaOf([deep]); fields.length > 0; fields = fields[0]?.children ?? []) depth += 1;
    expect(depth).toBe(6);
  });
});

describe("expressionPath", () => {
  it("quotes what is no name of JavaScript", () => {
    expect(expressionPath("$json", ["a", "first name", 0, 'q"uote', "ok_1"])).toBe(
      '$json.a["first name"][0]["q\\"uote"].ok_1',
    );
  });

  it("quotes the names of nodes", () => {
    expect(nodeRoot("Ann's \\ node")).toBe("$('Ann\\'s \\\\ node').item.json");
  });
});

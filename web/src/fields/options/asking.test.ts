import { describe, expect, it } from "vitest";
import { findType } from "../../graph/catalogue";
import { catalogue } from "../../testing/catalogue";
import { fieldName, lastPart, matching, needOf, told, withChoice } from "./asking";

const database = findType(catalogue, "database", 1)?.paramsSchema ?? {};
const github = findType(catalogue, "github", 1)?.paramsSchema ?? {};
const ofTable = { loader: "tables", needs: ["credential"] };
const ofColumn = { loader: "columns", needs: ["credential", "table"] };
const ofRepository = { loader: "repositories", needs: ["credential", "owner"] };

describe("what choices depend on", () => {
  it("is named by the field that has no value yet", () => {
    expect(needOf(ofColumn, database, {})).toBe("Choose Database first.");
    expect(needOf(ofColumn, database, { credential: "c" })).toBe("Fill in Table first.");
    expect(needOf(ofColumn, database, { credential: "c", table: "orders" })).toBeNull();
  });

  it("has no value where it is an expression", () => {
    const params = { credential: "c", owner: "{{ $json.owner }}" };
    expect(needOf(ofRepository, github, params)).toMatch(/^Owner is an expression/);
  });

  it("takes braces as they are where no expression may stand", () => {
    expect(needOf(ofColumn, database, { credential: "c", table: "{{odd}}" })).toBeNull();
  });

  it("is told with what decides whether it is shown, and nothing else", () => {
    const params = { credential: "c", table: "orders", operation: "insert", query: "SELECT 1", timeoutSeconds: 3 };
    expect(told(ofColumn, database, params)).toEqual({ credential: "c", table: "orders", operation: "insert" });
    expect(told(ofTable, database, params)).toEqual({ credential: "c" });
  });
});

describe("a field's name", () => {
  it.each([
    ["params.table", "table"],
    ["params.columns.0.name", "columns.name"],
    ["params.columns.12.name", "columns.name"],
    ["params.columns.name", "columns.name"],
  ])("of %s is %s", (path, name) => expect(fieldName(path)).toBe(name));
});

describe("several values in one field", () => {
  it.each([
    ["bug, u", "u"],
    ["bug,", ""],
    ["bug", "bug"],
    ["", ""],
  ])("writes the last one of %j", (text, part) => expect(lastPart(text, ",")).toBe(part));

  it.each([
    ["bug, u", "ui", "bug,ui"],
    ["u", "ui", "ui"],
    ["", "ui", "ui"],
    ["bug,", "ui", "bug,ui"],
  ])("puts a choice in its place in %j", (text, value, made) => expect(withChoice(text, value, ",")).toBe(made));

  it("is one value where nothing separates them", () => {
    expect(lastPart("a,b", undefined)).toBe("a,b");
    expect(withChoice("a,b", "c", undefined)).toBe("c");
  });
});

describe("choices that fit", () => {
  const choices = [
    { value: "C01", label: "General", detail: "", required: false },
    { value: "C02", label: "random (x)", detail: "general talk", required: false },
  ];

  it("contain what is written, in label or value, whatever its case", () => {
    expect(matching(choices, "GENER")).toEqual([choices[0]]);
    expect(matching(choices, "c02")).toEqual([choices[1]]);
    expect(matching(choices, " ")).toEqual(choices);
  });

  it("are looked for by text, not by pattern", () => {
    expect(matching(choices, "(x)")).toEqual([choices[1]]);
    expect(matching(choices, ".*")).toEqual([]);
  });
});

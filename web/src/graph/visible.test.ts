import { describe, expect, it } from "vitest";
import type { ParamSchema } from "./catalogue";
import { checkForm } from "./validate";
import { fieldsOf, isShown, narrowed } from "./visible";

const select = (options: { value: string; label: string; when?: Record<string, string[]> }[]) => ({
  title: "Choice",
  "x-ui": { kind: "select", expression: false, options },
});

/** An app: orders can be got and listed, notes can be got. */
const SCHEMA = {
  properties: {
    resource: select([
      { value: "order", label: "Order" },
      { value: "note", label: "Note" },
    ]),
    operation: select([
      { value: "get", label: "Get", when: { resource: ["order"] } },
      { value: "list", label: "List", when: { resource: ["order"] } },
      { value: "get", label: "Get", when: { resource: ["note"] } },
    ]),
    number: {
      title: "Number",
      "x-ui": {
        kind: "number",
        expression: true,
        requiredWhenShown: true,
        showWhen: [
          { resource: ["order"], operation: ["get"] },
          { resource: ["note"], operation: ["get"] },
        ],
      },
    },
  },
  required: ["resource", "operation"],
} as unknown as ParamSchema;

const FIELDS = fieldsOf(SCHEMA);
const named = (name: string) => {
  const field = FIELDS.find((candidate) => candidate.name === name);
  if (!field) throw new Error(name);
  return field;
};

describe("the form of an app", () => {
  it("shows a field where any of its rules holds", () => {
    expect(isShown(named("number"), FIELDS, { resource: "order", operation: "get" })).toBe(true);
    expect(isShown(named("number"), FIELDS, { resource: "note", operation: "get" })).toBe(true);
    expect(isShown(named("number"), FIELDS, { resource: "order", operation: "list" })).toBe(false);
    expect(isShown(named("number"), FIELDS, {})).toBe(false);
  });

  it("offers the operations of the resource", () => {
    const offered = (resource: string) =>
      narrowed(named("operation"), FIELDS, { resource }).ui.options?.map((option) => option.value);
    expect(offered("order")).toEqual(["get", "list"]);
    expect(offered("note")).toEqual(["get"]);
  });

  it("finds an operation that the resource does not have", () => {
    const found = checkForm(SCHEMA, { resource: "note", operation: "list" });
    expect(found).toEqual([{ path: "params.operation", title: "Choice", finding: { code: "option" } }]);
    expect(checkForm(SCHEMA, { resource: "order", operation: "list" })).toEqual([]);
  });
});

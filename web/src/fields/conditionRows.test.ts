import { describe, expect, it } from "vitest";
import table from "../../../tests/contract/conditions.json";
import { catalogue } from "../testing/catalogue";
import { newGroup, operatorOf, operatorsOf, sideFrom, takesGroups, withOperator, withType } from "./conditionRows";
import { textOf } from "./switching";

const schema = catalogue.nodes.find(({ type }) => type === "if")?.paramsSchema.properties?.conditions;
const operators = schema?.["x-ui"]?.operators ?? {};
const typed = table.cases.filter(({ error, how }) => !error || how);

describe("the rows of conditions", () => {
  it.each(typed)("offer $type $operator", ({ type, operator }) => {
    expect(operatorOf({ type, operator }, operators)?.value).toBe(operator);
  });

  it("offer nothing else than the table has", () => {
    const known = new Set(typed.map(({ type, operator }) => `${type} ${operator}`));
    const offered = Object.keys(operators).flatMap((type) =>
      operatorsOf({ type }, operators).map(({ value }) => `${type} ${value}`),
    );
    expect(offered.filter((pair) => !known.has(pair))).toEqual([]);
  });

  const scalars = table.cases.filter(
    ({ type, right }) =>
      ["number", "boolean", "text"].includes(type) && typeof right === type.replace("text", "string"),
  );
  it.each(scalars)("keep $right of $type $operator what it is when it is typed", ({ type, operator, right }) => {
    const text = textOf(right);
    expect(sideFrom(text, { type, operator }, "right")).toBe(right);
  });
});

describe("a value that is typed", () => {
  it.each([
    ["number", "1.", "1."],
    ["number", "1.50", "1.50"],
    ["number", "9007199254740993", "9007199254740993"],
    ["number", "", ""],
    ["number", "Infinity", "Infinity"],
    ["number", "-2.5", -2.5],
    ["number", "{{ 5 }}", "{{ 5 }}"],
    ["text", "5", "5"],
    ["any", "5", "5"],
    ["boolean", "true", true],
    ["boolean", "True", "True"],
  ])("of type %s: %j stands for %j", (type, text, value) => {
    expect(sideFrom(text, { type, operator: "equals" }, "right")).toBe(value);
  });

  it("changes with the type and with what the operator compares", () => {
    const row = { left: "{{ $json.a }}", type: "text", operator: "startsWith", right: "5" };
    const number = withType(row, "number", operators);
    expect(number).toEqual({ left: "{{ $json.a }}", type: "number", operator: "equals", right: 5 });
    expect(withType(number, "text", operators).right).toBe("5");
    const list = withType(number, "list", operators);
    expect(list).toMatchObject({ operator: "contains", right: "5" });
    expect(withOperator(list, "lengthGreater")).toMatchObject({ right: 5 });
  });
});

it("groups hold conditions, and no groups", () => {
  expect([takesGroups(schema?.items), takesGroups(schema?.items?.properties?.conditions?.items)]).toEqual([
    true,
    false,
  ]);
  expect(newGroup()).toMatchObject({ type: "group", conditions: [{ operator: "equals" }] });
});

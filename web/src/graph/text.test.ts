import { describe, expect, it } from "vitest";
import { branching, node } from "../testing/catalogue";
import { type Fragment, fragmentOf, fromText, toText, transplanted } from "./clipboard";
import { referredNames, renameInCode, renameInTemplate, renameReferences } from "./references";

describe("references", () => {
  it.each([
    ["{{ $('Old').item.json.x }}", "{{ $('New').item.json.x }}"],
    ['{{ $("Old").first() + $( `Old` ).last() }}', '{{ $("New").first() + $(`New`).last() }}'],
    ['{{ $node["Old"].json.x }}', '{{ $node["New"].json.x }}'],
    ["{{ $('Older').item }} and {{ $('Old ').item }}", "{{ $('Older').item }} and {{ $('Old ').item }}"],
    ["$('Old') outside", "$('Old') outside"],
    ["{{ 'Old' }}", "{{ 'Old' }}"],
  ])("%s", (before, after) => {
    expect(renameInTemplate(before, "Old", "New")).toBe(after);
  });

  it("escapes quotes in the new name and reads them in the old", () => {
    expect(renameInTemplate("{{ $('Old').item }}", "Old", "Ada's")).toBe("{{ $('Ada\\'s').item }}");
    expect(renameInTemplate("{{ $('Ada\\'s').item }}", "Ada's", "Old")).toBe("{{ $('Old').item }}");
  });

  it("keeps a dollar sign in a name as it is", () => {
    expect(renameInCode("$('Old').all()", "Old", "$& costs $1")).toBe("$('$& costs $1').all()");
    expect(renameInCode(`_("Old").all() + _node['Old'].json + x_("Old")`, "Old", 'N"w')).toBe(
      `_("N\\"w").all() + _node['N"w'].json + x_("Old")`,
    );
  });

  it("rewrites code without braces, and nothing else without them", () => {
    const before = node("a", "code", { code: "return $('Old').all()", note: "$('Old')" });
    expect(renameReferences(before, "Old", "New").params).toEqual({ code: "return $('New').all()", note: "$('Old')" });
  });

  it("gives the same node back where nothing refers to the name", () => {
    const before = node("a", "code", { code: "return []", list: [{ x: "{{ $json.x }}" }] });
    expect(renameReferences(before, "Old", "New")).toBe(before);
  });

  it("lists the names a value refers to, however deep", () => {
    expect(referredNames([{ value: "{{ $('A').item.json.x + $node[\"B\"].json.y }}" }])).toEqual(new Set(["A", "B"]));
  });
});

describe("clipboard", () => {
  it("brings back what was copied, with the edges inside it", () => {
    const fragment = fragmentOf(branching(), new Set(["check", "yes"]));
    const back = fromText(toText(fragment)) as Fragment;
    expect(back.nodes.map(({ id }) => id)).toEqual(["check", "yes"]);
    expect(back.edges.map(({ id }) => id)).toEqual(["check-true-yes"]);
  });

  it("reads a whole workflow's JSON", () => {
    expect((fromText(JSON.stringify(branching())) as Fragment).nodes).toHaveLength(4);
  });

  it.each(["", "hello", "null", "[1]", "{}", '{"nodes": []}', '{"name": "n8n", "connections": {}}'])(
    "sees no nodes in %j",
    (text) => {
      expect(fromText(text)).toEqual({ code: "notWorkflow" });
    },
  );

  it.each([
    ['{"nodes": [null]}', { code: "field", list: "nodes", index: 0, field: "", must: "object" }],
    ['{"nodes": [{"id": 1}]}', { code: "field", list: "nodes", index: 0, field: "id", must: "id" }],
    [
      '{"nodes": [{"id": "a", "type": "code", "name": "A", "position": [1, 2]}]}',
      { code: "field", list: "nodes", index: 0, name: "A", field: "position", must: "place" },
    ],
    ['{"schema": 7, "nodes": [{"id": 1}]}', { code: "newer", found: 7 }],
    ['{"nodes": [', { code: "notJson" }],
  ])("tells what is wrong with %s", (text, flaw) => {
    expect(fromText(text)).toMatchObject(flaw);
  });

  it("takes no more than the API would store", () => {
    expect(fromText("x".repeat(3 * 1024 ** 2))).toEqual({ code: "large", bytes: 3 * 1024 ** 2 });
  });

  it("gives copies new ids and free names, and points their references at each other", () => {
    const document = branching();
    document.nodes[2] = node("yes", "set_fields", { value: "{{ $('check').item.json.a + $('start').item.json.b }}" });
    const copy = transplanted(fragmentOf(document, new Set(["check", "yes"])), document, null);
    expect(copy.nodes.map(({ name }) => name)).toEqual(["check 2", "yes 2"]);
    expect(copy.nodes[1]?.params.value).toBe("{{ $('check 2').item.json.a + $('start').item.json.b }}");
    expect(copy.edges[0]?.source).toBe(copy.nodes[0]?.id);
    expect(new Set([...copy.nodes, ...document.nodes].map(({ id }) => id)).size).toBe(6);
  });

  it("puts the middle of a paste where the pointer is", () => {
    const copy = transplanted(fragmentOf(branching(), new Set(["yes"])), branching(), { x: 510, y: 332 });
    expect(copy.nodes[0]?.position).toEqual({ x: 400, y: 300 });
  });
});

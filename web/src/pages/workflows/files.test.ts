import { describe, expect, it } from "vitest";
import { documentsIn, exported } from "./files";
import { flat, pathTo, treeOf, within } from "./folders";

const workflow = { schema: 1, name: "Orders: new & old", nodes: [], edges: [] };

describe("workflow files", () => {
  it("reads back what it writes, one or many", () => {
    expect(documentsIn(exported([workflow]).text)).toEqual([workflow]);
    const two = [workflow, { ...workflow, name: "B" }];
    expect(documentsIn(exported(two).text)).toEqual(two);
    expect([exported([workflow]).name, exported(two).name]).toEqual(["Orders-new-old.json", "workflows.json"]);
    expect(exported([{ ...workflow, name: "../?" }]).name).toBe("workflow.json");
  });

  it.each([
    ["<html>", /not JSON/],
    ["[]", /no Stepweave workflow/],
    ['{"workflows": []}', /no Stepweave workflow/],
    ['{"name": "x", "connections": {}}', /no Stepweave workflow/],
    ['{"schema": 7, "name": "x", "nodes": []}', /newer Stepweave \(schema 7\).*Update/],
    ['{"workflows": [{"schema": 1, "name": "a", "nodes": []}, 5]}', /^Workflow 2: .*no Stepweave workflow/],
    ['{"name": "x",\n "nodes": [,]}', /line 2, column 12/],
    ['{"name": "x", "nodes": [{"id": "a", "type": "code", "name": "N", "params": 5}]}', /Node 1 \(“N”\): “params”/],
    ['{"workflows": [{"name": "a", "nodes": [7]}]}', /^Workflow 1 \(“a”\): Node 1 must be an object/],
  ])("refuses %s", (text, message) => {
    expect(() => documentsIn(text)).toThrow(message);
  });
});

describe("the tree of folders", () => {
  const folder = (id: string, parentId: string | null, workflows = 1) => ({ id, name: id, parentId, workflows });
  const folders = [folder("a", null), folder("b", "a", 2), folder("c", "b", 4), folder("lost", "gone")];

  it("counts what is below and shows depth", () => {
    expect(flat(treeOf(folders)).map(({ folder: { id }, depth, total }) => [id, depth, total])).toEqual([
      ["a", 0, 7],
      ["b", 1, 6],
      ["c", 2, 4],
      ["lost", 0, 1],
    ]);
  });

  it("knows the way to a folder and what is in it, circles or not", () => {
    expect(pathTo(folders, "c").map(({ id }) => id)).toEqual(["a", "b", "c"]);
    expect([...within(folders, "b")]).toEqual(["b", "c"]);
    expect(pathTo([folder("x", "y"), folder("y", "x")], "x")).toHaveLength(2);
  });
});

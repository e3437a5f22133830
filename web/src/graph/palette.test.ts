import { describe, expect, it } from "vitest";
import { catalogue } from "../testing/catalogue";
import { findType, type NodeType } from "./catalogue";
import { type App, actionsOf, appOf, type Choice, groupsOf, groupsOfApp, paletteOf, searchTypes } from "./palette";

const github = findType(catalogue, "github", 1) as NodeType;
const palette = paletteOf(catalogue);
const app = appOf(github, palette.types) as App;
const told = ({ title, detail, params }: Choice) => [title, detail, params];

describe("the palette", () => {
  it("shows those used lately once more, and nobody's actions, until something is searched", () => {
    const groups = groupsOf(palette, "  ", ["code", "gone"]);
    expect(groups[0]?.key).toBe("recent");
    expect(groups[0]?.choices.map(({ entry }) => entry.type)).toEqual(["code"]);
    expect(groups.map(({ key }) => key)).not.toContain("actions");
    const keys = groups.flatMap(({ choices }) => choices.map(({ key }) => key));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("finds actions by their node and their words, those whose title begins with them first", () => {
    const found = groupsOf(palette, "github issue", []);
    expect(found.map(({ key }) => key)).toContain("actions");
    const create = found.at(-1)?.choices.find(({ title }) => title === "Issue: Create") as Choice;
    expect(told(create)).toEqual(["Issue: Create", "GitHub", { resource: "issue", operation: "create" }]);
    const [hash] = groupsOf(palette, "hash", []).at(-1)?.choices ?? [];
    expect(told(hash as Choice)).toEqual(["Hash", "Crypto", { operation: "hash" }]);
    expect(groupsOf(palette, "no such thing", [])).toEqual([]);
  });

  it("has the category of the best name first", () => {
    expect(groupsOf(palette, "github", [])[0]?.key).toBe("app");
    expect(groupsOf(palette, "web", [])[0]?.key).toBe("trigger");
    expect(groupsOf(palette, "merge", [])[0]?.key).toBe("flow");
  });

  it("leaves out what may not be added, with all that it does", () => {
    const only = paletteOf(catalogue, (entry) => entry.trigger === null && entry.type !== "github");
    expect(groupsOf(only, "github", [])).toEqual([]);
  });

  it("finds types by their summary and category, as it shows them", () => {
    expect(searchTypes(catalogue, "app").map(({ type }) => type)).toContain("github");
  });
});

describe("an app", () => {
  it("has of a provider's triggers those that are called after it", () => {
    const triggersOf = (type: string) =>
      appOf(findType(catalogue, type, 1) as NodeType, palette.types)?.triggers.map((trigger) => trigger.type);
    expect(triggersOf("google_sheets")).toEqual(["google_sheets_trigger"]);
    expect(triggersOf("gmail")).toEqual(["gmail_trigger"]);
    expect(triggersOf("google_docs")).toEqual([]);
  });

  it("has its triggers and its actions", () => {
    expect(app.triggers.map(({ type }) => type)).toEqual(["github_trigger"]);
    expect(app.resources.flatMap(({ actions }) => actions)).toHaveLength(actionsOf(github).length);
    const groups = groupsOfApp(app, "");
    expect(groups[0]?.key).toBe("trigger");
    const issue = groups.find(({ key }) => key === "resource-issue");
    expect(issue?.title).toBe("Issue");
    expect(issue?.choices.map(({ title }) => title)).toContain("Create");
  });

  it("is searched by resource and operation", () => {
    const groups = groupsOfApp(app, "issue create");
    expect(groups.map(({ key }) => key)).toEqual(["resource-issue"]);
    expect(groups[0]?.choices.map(({ params }) => params)).toEqual([{ resource: "issue", operation: "create" }]);
  });

  it("has no part of another's, and is nothing that other nodes are", () => {
    expect(appOf(findType(catalogue, "crypto", 1) as NodeType, palette.types)).toBeUndefined();
    expect(appOf(app.triggers[0] as NodeType, palette.types)).toBeUndefined();
  });
});

describe("an API of the workspace", () => {
  const operation = { label: "List books", group: "books", method: "GET", path: "/books" };
  const shelf = {
    id: "a1",
    name: "Shelf",
    words: "Books of a library.",
    baseUrl: "https://shelf.example",
    operations: [
      { ...operation, id: "listBooks" },
      { ...operation, id: "health", label: "Health", group: "", path: "/health" },
    ],
  };
  const withIt = paletteOf(catalogue, undefined, [shelf]);

  it("is an app, and its operations are actions", () => {
    const [group] = groupsOf(withIt, "shelf", []);
    expect(group?.key).toBe("app");
    expect(group?.choices.map(({ title, params }) => [title, params])).toEqual([["Shelf", { api: "a1" }]]);
    const opened = groupsOfApp(group?.choices[0]?.app as App, "");
    expect(opened.map(({ key, title }) => [key, title])).toEqual([
      ["resource-books", "books"],
      ["actions", undefined],
    ]);
    const [list] = groupsOf(withIt, "get /books", []).at(-1)?.choices ?? [];
    expect([list?.title, list?.name, list?.params]).toEqual([
      "List books",
      "Shelf",
      { api: "a1", operation: "listBooks" },
    ]);
  });

  it("is left out where its nodes may not be added", () => {
    const none = paletteOf(catalogue, (entry) => entry.trigger !== null, [shelf]);
    expect(groupsOf(none, "shelf", [])).toEqual([]);
  });
});

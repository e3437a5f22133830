import { describe, expect, it } from "vitest";
import { catalogue } from "../testing/catalogue";
import { findType, type NodeType } from "./catalogue";
import { chooseParam } from "./choosing";
import type { Params, WorkflowDocument } from "./document";

const github = findType(catalogue, "github", 1) as NodeType;

const withParams = (params: Params): WorkflowDocument => ({
  schema: 1,
  name: "Apps",
  nodes: [{ id: "gh", type: "github", version: 1, name: "GitHub", params, position: { x: 0, y: 0 }, settings: {} }],
  edges: [],
});

const chosen = (params: Params, key: string, value: string): Params =>
  chooseParam(withParams(params), github, "gh", key, value).nodes[0]?.params ?? {};

describe("another resource of an app", () => {
  it("has its own first operation, where it has none of the former's name", () => {
    expect(chosen({ resource: "issue", operation: "lock" }, "resource", "file")).toEqual({
      resource: "file",
      operation: "get",
    });
    expect(chosen({}, "resource", "issue")).toEqual({ resource: "issue", operation: "create" });
    expect(chosen({ resource: "issue", operation: "create" }, "resource", "comment").operation).toBe("create");
  });

  it("keeps what is shared, and what its operation calls the same", () => {
    const params = { owner: "ada", resource: "comment", operation: "create", number: 7, commentCreateBody: "Thanks!" };
    const after = chosen(params, "resource", "issue");
    expect(after).toEqual({ ...params, resource: "issue", issueCreateBody: "Thanks!" });
    expect(chosen({ ...params, issueCreateBody: "" }, "resource", "issue").issueCreateBody).toBe("Thanks!");
    expect(chosen({ ...params, issueCreateBody: "Mine" }, "resource", "issue").issueCreateBody).toBe("Mine");
  });

  it("takes nothing of another kind over", () => {
    const labels = { resource: "issue", operation: "list", issueListLabels: "bug,ui" };
    expect(chosen(labels, "operation", "create")).toEqual({ ...labels, operation: "create" });
  });

  it("is one change, and none where nothing changes", () => {
    const document = withParams({ resource: "issue", operation: "list" });
    expect(chooseParam(document, github, "gh", "resource", "issue")).toBe(document);
    expect(chooseParam(document, github, "nobody", "resource", "file")).toBe(document);
  });

  it("leaves a resource that there is not alone", () => {
    expect(chosen({ resource: "issue", operation: "list" }, "resource", "planet")).toEqual({
      resource: "planet",
      operation: "list",
    });
  });
});

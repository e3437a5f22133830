import { describe, expect, it } from "vitest";
import { branching, catalogue, node } from "../testing/catalogue";
import { byField, checkDocument, checkNode } from "./validate";

const found = (type: string, params: Record<string, unknown>) =>
  checkNode(node("a", type, params), catalogue).map(({ path, finding }) => `${path} ${finding.code}`);

describe("checking parameters", () => {
  it.each([
    ["http_request", {}, ["params.url required"]],
    ["http_request", { url: "https://x.dev", timeoutSeconds: "soon" }, ["params.timeoutSeconds notNumber"]],
    ["http_request", { url: "https://x.dev", timeoutSeconds: "{{ 5 }}" }, []],
    ["http_request", { url: "https://x.dev", timeoutSeconds: 0 }, ["params.timeoutSeconds above"]],
    ["http_request", { url: "https://x.dev", concurrency: 51 }, ["params.concurrency maximum"]],
    ["http_request", { url: "https://x.dev", concurrency: 0 }, ["params.concurrency minimum"]],
    ["http_request", { url: "https://x.dev", method: "YELL" }, ["params.method option"]],
    ["http_request", { url: "https://x.dev", headers: [{ name: "", value: "x" }] }, ["params.headers.0.name required"]],
    ["webhook_trigger", { path: "a b" }, ["params.path pattern"]],
    ["webhook_trigger", { path: "orders/new" }, []],
    ["manual_trigger", { items: "[{]" }, ["params.items notJson"]],
    ["schedule_trigger", { expression: "rate(15 minutes)" }, []],
  ])("%s %j", (type, params, expected) => {
    expect(found(type, params)).toEqual(expected);
  });

  it("asks only for what is shown", () => {
    expect(found("database", { credential: "c", operation: "query" })).toEqual(["params.query required"]);
    expect(found("database", { credential: "c", operation: "insert" })).toEqual(["params.table required"]);
    expect(found("database", { credential: "c", operation: "insert", table: "orders" })).toEqual([]);
  });

  it("leaves disabled nodes and unknown types alone", () => {
    const document = branching();
    document.nodes.push(node("off", "http_request", {}, { settings: { disabled: true } }), node("odd", "no_such_type"));
    expect(checkDocument(document, catalogue, () => ({ message: "", remedy: "" }))).toEqual([]);
  });

  it("sorts diagnostics of one node by field", () => {
    const diagnostic = { code: "x", severity: "error" as const, message: "m", remedy: "r" };
    const map = byField(
      [
        { ...diagnostic, nodeId: "a", field: "params.url" },
        { ...diagnostic, nodeId: "a" },
        { ...diagnostic, nodeId: "b", field: "params.url" },
      ],
      "a",
    );
    expect([...map.keys()]).toEqual(["params.url", ""]);
  });
});

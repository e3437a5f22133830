import { expect, it } from "vitest";
import type { WorkflowNode } from "../graph/document";
import { hookUrl, methodsOf, pathOf, testUrl } from "./hookUrls";

const node = (params: WorkflowNode["params"]) => ({ params }) as WorkflowNode;

it("names each method once, the first one first, and takes no notice of what is none", () => {
  expect(methodsOf(node({}))).toEqual(["POST"]);
  expect(methodsOf(node({ method: "PUT", moreMethods: ["POST", "PUT", 7, null] }))).toEqual(["PUT", "POST"]);
  expect(methodsOf(node({ method: 7, moreMethods: "GET" }))).toEqual(["POST"]);
});

it("gives the addresses of a path", () => {
  const path = pathOf(node({ path: "orders/:id" }));
  expect(hookUrl("https://a.example", "acme", path)).toBe("https://a.example/hooks/acme/orders/:id");
  expect(testUrl("https://a.example", "acme", path)).toBe("https://a.example/hooks/acme/~test/orders/:id");
});

import { describe, expect, it } from "vitest";
import type { PreviewRequest } from "../api/endpoints";
import { withPinsOf } from "./preview";

const items = { main: [{ json: {} }] };
const where: PreviewRequest = {
  executionId: null,
  input: [{ nodeId: "b", port: "main" }],
  names: { A: "a", B: "b", "It's": "c" },
  pinned: { a: items, b: items, c: items },
  workflowId: "w",
  workflowName: "W",
  timeZone: "UTC",
};

describe("the pinned data that a preview is given", () => {
  it.each([
    ["{{ $json.x }}", ["b"]],
    ["{{ $('A').item.json.x }}", ["a", "b"]],
    ["{{ $('It\\'s').item.json.x }}", ["b", "c"]],
    ["{{ $(name).item.json.x }}", ["a", "b", "c"]],
    ["{{ $node[name].json.x }}", ["a", "b", "c"]],
  ])("%s", (text, ids) => {
    expect(Object.keys(withPinsOf(where, text).pinned).sort()).toEqual(ids);
  });
});

import { describe, expect, it } from "vitest";
import type { Template } from "../../api/templates";
import { answered, answerOf, missing, newKey } from "./said";

const question = (id: string, value: unknown, example = false) => ({
  id,
  label: id,
  example,
  nodeId: "a",
  field: id,
  value,
});

const template = {
  credentials: [{ id: "slack", name: "Slack", why: "", types: ["slack_token"], fields: [] }],
  parameters: [question("channel", "#general"), question("url", "https://example.com", true)],
} as unknown as Template;
const [channel, url] = template.parameters as [Template["parameters"][0], Template["parameters"][0]];
const nothing = { name: "", projectId: "", credentials: {}, parameters: {} };

describe("what is said of a template", () => {
  it("shows a default and never an example", () => {
    expect(answerOf(channel, nothing)).toBe("#general");
    expect(answerOf(url, nothing)).toBeUndefined();
    expect(answerOf(url, { ...nothing, parameters: { url: "https://a.example" } })).toBe("https://a.example");
  });

  it("misses examples that nobody replaced, blanks too", () => {
    expect(missing(template, nothing)).toEqual(["url"]);
    expect(missing(template, { ...nothing, parameters: { url: "  " } })).toEqual(["url"]);
    expect(missing(template, { ...nothing, parameters: { url: "x" } })).toEqual([]);
  });

  it("sends null for a credential that is chosen later, and only what was touched", () => {
    const said = { name: " Mine ", projectId: "", credentials: { slack: "" }, parameters: { url: "x" } };
    expect(answered(template, said)).toEqual({
      name: "Mine",
      projectId: null,
      credentials: { slack: null },
      parameters: { url: "x" },
    });
  });

  it("has another key each time", () => {
    expect(newKey()).not.toBe(newKey());
    expect(newKey()).toMatch(/^[0-9a-f-]{8,35}$/);
  });
});

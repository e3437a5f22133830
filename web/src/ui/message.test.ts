import { describe, expect, it } from "vitest";
import { sentences } from "./message";

describe("what was said as sentences", () => {
  it.each([
    [["the server refused", "Check the password."], "the server refused. Check the password."],
    [["Is it there?", undefined, " ", "Yes"], "Is it there? Yes."],
    [[], ""],
  ])("%j", (parts, expected) => {
    expect(sentences(...parts)).toBe(expected);
  });
});

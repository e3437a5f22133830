import { expect, it } from "vitest";
import { smallestChange } from "./smallestChange";

it.each([
  ["abc", "abc"],
  ["", "abc"],
  ["abc", ""],
  ["abc", "abxc"],
  ["aaa", "aa"],
  ["aa", "aaaa"],
  ["Hello {{ a }}", "Hello {{ b }}!"],
])("from %j to %j is one change that keeps both ends", (before, after) => {
  const change = smallestChange(before, after);
  if (before === after) expect(change).toBeNull();
  else if (change) {
    expect(before.slice(0, change.from) + change.insert + before.slice(change.to)).toBe(after);
    expect(change.insert[0] === before[change.from] && change.to > change.from && change.insert !== "").toBe(false);
  }
});

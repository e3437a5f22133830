// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";
import { recentTypes, rememberTypes, withRecent } from "./recent";

afterEach(() => {
  localStorage.clear();
  vi.restoreAllMocks();
});

describe("node types used last", () => {
  it("have the latest in front, each once, and the oldest is let go", () => {
    const types = ["a", "b", "a", "c", "d", "e", "f"].reduce<string[]>(withRecent, []);
    expect(types).toEqual(["f", "e", "d", "c", "a"]);
  });

  it("are known again later", () => {
    rememberTypes(["a", "b"]);
    expect(recentTypes()).toEqual(["a", "b"]);
  });

  it("are none where the storage holds something else, or nothing can be stored", () => {
    localStorage.setItem("stepweave.recentNodes", '{"no": 1}');
    expect(recentTypes()).toEqual([]);
    localStorage.setItem("stepweave.recentNodes", "{");
    expect(recentTypes()).toEqual([]);
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    expect(() => rememberTypes(["a"])).not.toThrow();
  });
});

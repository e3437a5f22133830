import { CompletionContext } from "@codemirror/autocomplete";
import { EditorState } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { CODE_NAMES } from "./codeNames";

async function offered(language: string, text: string): Promise<[from: number, labels: string[]] | null> {
  const found = await CODE_NAMES[language]?.(
    new CompletionContext(EditorState.create({ doc: text }), text.length, false),
  );
  return found ? [found.from, found.options.map((option) => option.label)] : null;
}

describe("names of code nodes", () => {
  it("are offered where a word is written, from its first sign", async () => {
    expect((await offered("javascript", "return $in"))?.[0]).toBe(7);
    expect((await offered("javascript", "return $in"))?.[1]).toContain("$input");
    expect((await offered("python", "return _it"))?.[1]).toEqual(
      expect.arrayContaining(["_items", "_item", "_itemIndex"]),
    );
    expect(await offered("python", "return ")).toBeNull();
  });

  it("are modules behind import", async () => {
    expect((await offered("python", "import da"))?.[1]).toContain("datetime");
    expect((await offered("python", "from urllib.pa"))?.[0]).toBe(5);
    expect((await offered("python", "x = da"))?.[1]).not.toContain("datetime");
  });
});

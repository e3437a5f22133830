import { describe, expect, it } from "vitest";
import { base64Of, fileNameOf } from "../../api/files";
import { MOST_BYTES, nameOf, refusal, takes } from "./files";

const file = (name: string, type: string, size = 1) => new File([new Uint8Array(size)], name, { type });
const any = { accept: [], most: 3 };

describe("files of a message", () => {
  it("are taken as the trigger says", () => {
    expect(takes({ params: {} })).toBeNull();
    expect(takes({ params: { takesFiles: "yes" } })).toBeNull();
    expect(takes({ params: { takesFiles: true } })).toEqual(any);
    expect(takes({ params: { takesFiles: true, accept: " image/*, .PDF ,", mostFiles: 1 } })).toEqual({
      accept: ["image/*", ".pdf"],
      most: 1,
    });
  });

  it.each([
    [[file("a.png", "image/png")], { accept: ["image/*"], most: 1 }, null],
    [[file("A.PDF", "")], { accept: [".pdf"], most: 1 }, null],
    [[file("a.txt", "text/plain; charset=utf-8")], { accept: ["text/plain"], most: 1 }, null],
    [[file("a.svg", "imagery/x")], { accept: ["image/*"], most: 1 }, /a\.svg.*image/],
    [[file("a", ""), file("b", "")], { accept: [], most: 1 }, /1/],
    [[file("empty", "", 0)], any, /empty/],
    [[file("a", "", MOST_BYTES), file("b", "")], any, /large/],
    [[file("a", "", MOST_BYTES)], any, null],
  ])("are refused with the reason (%#)", (files, taken, expected) => {
    const said = refusal(files, taken);
    if (expected) expect(said).toMatch(expected);
    else expect(said).toBeNull();
  });

  it("have the names that a published chat gives them", () => {
    expect([0, 1, 2].map(nameOf)).toEqual(["file", "file_1", "file_2"]);
    expect(fileNameOf({ name: "..\\a/b\n.txt" })).toBe(".._a_b_.txt");
    expect(fileNameOf({ name: `${"x".repeat(300)}.pdf` })).toHaveLength(255);
  });

  it("go as base64", async () => {
    expect(await base64Of(new Blob([new Uint8Array([104, 105, 255])]))).toBe("aGn/");
    expect(await base64Of(new Blob([]))).toBe("");
  });
});

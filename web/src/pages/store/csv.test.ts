import { describe, expect, it } from "vitest";
import { mapped, textOf } from "./csv";

const bytes = (...all: number[]) => new Uint8Array(all).buffer;

describe("a file's text", () => {
  it.each([
    ["UTF-8", bytes(0xc3, 0xa4), "ä"],
    ["UTF-8 with a mark", bytes(0xef, 0xbb, 0xbf, 0x61), "a"],
    ["UTF-16, as Excel writes it", bytes(0xff, 0xfe, 0xe4, 0), "ä"],
    ["UTF-16, the other way round", bytes(0xfe, 0xff, 0, 0xe4), "ä"],
    ["Windows-1252", bytes(0xe4, 0x20, 0xfc), "ä ü"],
    ["nothing", bytes(), ""],
  ])("is read from %s", (_, given, text) => expect(textOf(given)).toBe(text));
});

describe("the columns of headers", () => {
  const headers = [
    { header: "Name", column: "name" },
    { header: "__proto__", column: null },
  ];

  it("keep one header for each column", () => {
    const made = mapped(headers, "__proto__", "name");
    expect(Object.entries(made)).toEqual([
      ["Name", null],
      ["__proto__", "name"],
    ]);
  });

  it("leave several out", () => {
    expect(Object.entries(mapped(headers, "Name", null))).toEqual([
      ["__proto__", null],
      ["Name", null],
    ]);
  });
});

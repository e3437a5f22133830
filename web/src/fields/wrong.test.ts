import { describe, expect, it } from "vitest";
import { wrongRange } from "./wrong";

/** The text with what is marked in brackets; the place is where `▸` stands. */
function marked(text: string): string {
  const [before = "", after = ""] = text.split("▸");
  const whole = before + after;
  const range = wrongRange(whole, [...before].length);
  return range ? `${whole.slice(0, range.from)}[${whole.slice(range.from, range.to)}]${whole.slice(range.to)}` : whole;
}

describe("what is marked as wrong", () => {
  it.each([
    ["{{ ▸nope + 1 }}", "{{ [nope] + 1 }}"],
    ["{{ ▸$json.a.b[0]?.c.d() }}", "{{ [$json.a.b[0]?.c.d]() }}"],
    ["😀 {{ 'é😀' + ▸nope }}", "😀 {{ 'é😀' + [nope] }}"],
    ["{{ 1 + ▸😀 }}", "{{ 1 + [😀] }}"],
    ["{{ a ▸) }}", "{{ a [)] }}"],
    ["{{ 'it▸ }}", "{{ 'i[t] }}"],
    ["{{ ▸'it }}", "{{ ['it }}]"],
    ["const a = ▸", "const a [=] "],
    ["const a =▸\n\n", "const a [=]\n\n"],
    ["▸", ""],
    ["▸  ", "[  ]"],
    ["abc▸", "ab[c]"],
  ])("%s", (text, expected) => {
    expect(marked(text)).toBe(expected);
  });
});

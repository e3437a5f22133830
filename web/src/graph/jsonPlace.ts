/** Where a text stops being JSON. Browsers tell it in different words, or not at all. */

type Expected = "value" | "valueOrEnd" | "key" | "keyOrEnd" | "colon" | "commaOrEnd" | "nothing";

const SPACE = /[ \t\r\n]*/y;
const PLAIN = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Returns line and column, from 1 on, of the first character that cannot follow; the end where something is missing. */
export function jsonEndsAt(text: string): { line: number; column: number } {
  const before = text.slice(0, firstWrong(text)).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function firstWrong(text: string): number {
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  let at = 0;
  const after = (): Expected => (open.length === 0 ? "nothing" : "commaOrEnd");
  for (;;) {
    at = matched(SPACE, text, at);
    const char = text[at];
    if (char === undefined || expected === "nothing") return at;
    if (expected === "colon") {
      if (char !== ":") return at;
      at += 1;
      expected = "value";
    } else if ((char === "}" || char === "]") && mayEnd(expected, char, open.at(-1))) {
      open.pop();
      at += 1;
      expected = after();
    } else if (expected === "commaOrEnd") {
      if (char !== ",") return at;
      at += 1;
      expected = open.at(-1) === "{" ? "key" : "value";
    } else if (expected === "key" || expected === "keyOrEnd") {
      if (char !== '"') return at;
      const string = endOfString(text, at);
      at = string.at;
      if (!string.whole) return at;
      expected = "colon";
    } else if (char === "{" || char === "[") {
      open.push(char);
      at += 1;
      expected = char === "{" ? "keyOrEnd" : "valueOrEnd";
    } else if (char === '"') {
      const string = endOfString(text, at);
      at = string.at;
      if (!string.whole) return at;
      expected = after();
    } else {
      const end = matched(PLAIN, text, at);
      if (end === at) return at;
      at = end;
      expected = after();
    }
  }
}

function mayEnd(expected: Expected, char: "}" | "]", innermost: "{" | "[" | undefined): boolean {
  if (innermost !== (char === "}" ? "{" : "[")) return false;
  return expected === "commaOrEnd" || expected === (char === "}" ? "keyOrEnd" : "valueOrEnd");
}

/** The place behind a string that begins at `from`, or the place where it cannot go on. */
function endOfString(text: string, from: number): { at: number; whole: boolean } {
  let at = from + 1;
  for (;;) {
    const char = text[at];
    if (char === undefined || char < " ") return { at, whole: false };
    if (char === '"') return { at: at + 1, whole: true };
    const next = char === "\\" ? matched(ESCAPE, text, at) : at + 1;
    if (next === at) return { at, whole: false };
    at = next;
  }
}

function matched(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

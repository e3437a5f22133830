/** A command line taken apart as a shell does: words, quotes, escapes, and lines that go on. */

const ANSI: Record<string, string> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "?": "?",
};

/** Where a command ends: what comes behind is another. */
const ENDS = new Set(["|", ";", "&", ">", "<"]);

/** The words of the first command in a text. Lines may go on with `\`, `^` (cmd) or a backtick (PowerShell). */
export function wordsOf(text: string): string[] {
  const command = text.replace(/(?:\\|\^|`)[ \t]*\r?\n/g, " ").trim();
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < command.length) {
    const char = command[at] as string;
    if (char === "'" || (char === "$" && command[at + 1] === "'")) {
      const [value, end] = char === "$" ? ansiQuoted(command, at + 2) : singleQuoted(command, at + 1);
      word = (word ?? "") + value;
      at = end;
    } else if (char === '"') {
      const [value, end] = doubleQuoted(command, at + 1);
      word = (word ?? "") + value;
      at = end;
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
      if (char === "\n" && words.length > 0) break;
    } else if (ENDS.has(char)) {
      break;
    } else if ((char === "\\" || char === "^") && at + 1 < command.length) {
      word = (word ?? "") + command[at + 1];
      at += 2;
    } else {
      word = (word ?? "") + char;
      at += 1;
    }
  }
  if (word !== null) words.push(word);
  return words;
}

function singleQuoted(text: string, begin: number): [string, number] {
  const end = text.indexOf("'", begin);
  return end < 0 ? [text.slice(begin), text.length] : [text.slice(begin, end), end + 1];
}

function doubleQuoted(text: string, begin: number): [string, number] {
  let value = "";
  let at = begin;
  while (at < text.length && text[at] !== '"') {
    const next = text[at + 1];
    if (text[at] === "\\" && next !== undefined && '"\\$`\n'.includes(next)) {
      value += next === "\n" ? "" : next;
      at += 2;
    } else {
      value += text[at];
      at += 1;
    }
  }
  return [value, at + 1];
}

/** What stands in `$'...'`: escapes as in C. */
function ansiQuoted(text: string, begin: number): [string, number] {
  let value = "";
  let at = begin;
  while (at < text.length && text[at] !== "'") {
    if (text[at] !== "\\") {
      value += text[at];
      at += 1;
      continue;
    }
    const coded = /^\\(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|x([0-9a-fA-F]{1,2})|([0-7]{1,3}))/.exec(
      text.slice(at),
    );
    if (coded) {
      const [whole, short, long, byte, octal] = coded;
      value += octal ? String.fromCharCode(Number.parseInt(octal, 8)) : codePoint(short ?? long ?? byte ?? "");
      at += whole.length;
    } else {
      const next = text[at + 1] ?? "";
      value += ANSI[next] ?? `\\${next}`;
      at += 2;
    }
  }
  return [value, at + 1];
}

function codePoint(digits: string): string {
  const code = Number.parseInt(digits, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}

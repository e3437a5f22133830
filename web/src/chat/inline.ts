/** What stands within a line of Markdown: emphasis, code, links. One way through the text, no way back. */

import type { Inline } from "./markdown";

const ESCAPED = /[!-/:-@[-`{-~]/;
const WORD = /[\p{L}\p{N}_]/u;
const ADDRESS = /^(?:https?:\/\/|mailto:)[^\s<>"]+$/i;
const BARE = /https?:\/\/[^\s<>"`]{1,2000}/iy;
const ANGLE = /<((?:https?:\/\/|mailto:)[^\s<>]+)>/iy;
const TARGET = /\(\s*<?([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s+(?:"[^"]{0,500}"|'[^']{0,500}'))?\s*\)/y;
/** Characters of a link's text; a longer one is no link. */
const LONGEST_LABEL = 1000;
const DEEPEST = 16;

/** An address that a link may lead to, or null. */
export function address(text: string): string | null {
  const plain = text.trim();
  return plain.length <= 4000 && ADDRESS.test(plain) ? plain : null;
}

/** The parts of a line, or of the lines of a paragraph. */
export function inlines(text: string, depth = 0): Inline[] {
  return depth > DEEPEST ? [{ kind: "text", text }] : new Line(text, depth).parts();
}

class Line {
  private at = 0;
  private plain = "";
  private readonly found: Inline[] = [];
  /** Marks that nothing closes from here on: they are looked for once. */
  private readonly open = new Set<string>();

  private readonly text: string;
  private readonly depth: number;

  constructor(text: string, depth: number) {
    this.text = text;
    this.depth = depth;
  }

  parts(): Inline[] {
    while (this.at < this.text.length) {
      const char = this.text.charAt(this.at);
      if (!this.special(char)) {
        this.plain += char;
        this.at++;
      }
    }
    this.flush();
    return this.found;
  }

  /** Takes what begins at a character that may mean something; false where it means itself. */
  private special(char: string): boolean {
    switch (char) {
      case "\\":
        return this.escape();
      case "\n":
        this.push({ kind: "break" }, this.at + 1);
        return true;
      case "`":
        return this.code();
      case "*":
      case "_":
      case "~":
        return this.emphasis(char);
      case "!":
        return this.text.charAt(this.at + 1) === "[" && this.link(true);
      case "[":
        return this.link(false);
      case "<":
        return this.angle();
      case "h":
      case "H":
        return this.bare();
      default:
        return false;
    }
  }

  private escape(): boolean {
    const next = this.text.charAt(this.at + 1);
    if (!ESCAPED.test(next)) return false;
    this.plain += next;
    this.at += 2;
    return true;
  }

  private code(): boolean {
    const mark = run(this.text, this.at);
    if (this.open.has(mark)) return this.asIs(mark);
    let end = this.text.indexOf(mark, this.at + mark.length);
    while (end !== -1 && run(this.text, end).length !== mark.length) {
      end = this.text.indexOf(mark, end + run(this.text, end).length);
    }
    if (end === -1) {
      this.open.add(mark);
      return this.asIs(mark);
    }
    const inside = this.text.slice(this.at + mark.length, end).replaceAll("\n", " ");
    const text = /^ .*\S.* $/.test(inside) ? inside.slice(1, -1) : inside;
    this.push({ kind: "code", text }, end + mark.length);
    return true;
  }

  private emphasis(char: string): boolean {
    const whole = run(this.text, this.at);
    const mark = whole.slice(0, 2).length === 2 ? whole.slice(0, 2) : char;
    if (char === "~" && mark.length < 2) return false;
    const before = this.text.charAt(this.at - 1);
    const opens = /\S/.test(this.text.charAt(this.at + whole.length)) && !(char === "_" && WORD.test(before));
    if (!opens || this.open.has(mark)) return this.asIs(whole);
    const begin = this.at + mark.length;
    const end = this.closing(mark, begin);
    if (end === -1) {
      this.open.add(mark);
      return this.asIs(whole);
    }
    const kind = char === "~" ? "del" : mark.length === 2 ? "strong" : "em";
    this.push({ kind, children: inlines(this.text.slice(begin, end), this.depth + 1) }, end + mark.length);
    return true;
  }

  /** Where a mark closes what begins at `from`, or -1. What is code there closes nothing. */
  private closing(mark: string, from: number): number {
    const char = mark.charAt(0);
    for (let at = from; at < this.text.length; at++) {
      const here = this.text.charAt(at);
      if (here === "\\") at++;
      else if (here === "`") at = afterCode(this.text, at) - 1;
      else if (here === char) {
        const found = run(this.text, at);
        const fits = mark.length === 2 ? found.length >= 2 : found.length !== 2;
        const closes = at > from && /\S/.test(this.text.charAt(at - 1));
        const within = char === "_" && WORD.test(this.text.charAt(at + found.length));
        // Of three marks the outer ones close what was opened first.
        if (fits && closes && !within) return at + found.length - mark.length;
        at += found.length - 1;
      }
    }
    return -1;
  }

  private link(picture: boolean): boolean {
    const begin = this.at + (picture ? 2 : 1);
    const end = bracket(this.text, begin);
    if (end === -1) return false;
    TARGET.lastIndex = end + 1;
    const target = TARGET.exec(this.text);
    const href = target && address(target[1] ?? "");
    if (!target || !href) return false;
    const label = this.text.slice(begin, end);
    const children = picture ? plainly(label) : inlines(label, this.depth + 1).filter(({ kind }) => kind !== "link");
    this.push({ kind: "link", href, picture, children: children.length ? children : plainly(href) }, TARGET.lastIndex);
    return true;
  }

  private angle(): boolean {
    ANGLE.lastIndex = this.at;
    const found = ANGLE.exec(this.text);
    const href = found && address(found[1] ?? "");
    if (!href) return false;
    this.push({ kind: "link", href, picture: false, children: plainly(href) }, ANGLE.lastIndex);
    return true;
  }

  private bare(): boolean {
    if (WORD.test(this.text.charAt(this.at - 1))) return false;
    BARE.lastIndex = this.at;
    const found = BARE.exec(this.text)?.[0];
    if (!found) return false;
    // What ends a sentence is no part of an address, nor a bracket around it.
    let href = found.replace(/[.,;:!?'"*_~\]]+$/, "");
    if (href.endsWith(")") && !href.includes("(")) href = href.replace(/\)+[.,;:!?]*$/, "");
    if (!address(href)) return false;
    this.push({ kind: "link", href, picture: false, children: plainly(href) }, this.at + href.length);
    return true;
  }

  private asIs(text: string): boolean {
    this.plain += text;
    this.at += text.length;
    return true;
  }

  private push(part: Inline, next: number): void {
    this.flush();
    this.found.push(part);
    this.at = next;
  }

  private flush(): void {
    if (this.plain) this.found.push({ kind: "text", text: this.plain });
    this.plain = "";
  }
}

const plainly = (text: string): Inline[] => (text ? [{ kind: "text", text }] : []);

/** The same character as often as it stands there. */
function run(text: string, at: number): string {
  let end = at;
  while (end < text.length && text.charAt(end) === text.charAt(at)) end++;
  return text.slice(at, end);
}

function afterCode(text: string, at: number): number {
  const mark = run(text, at);
  const end = text.indexOf(mark, at + mark.length);
  return end === -1 || end - at > LONGEST_LABEL ? at + mark.length : end + mark.length;
}

function bracket(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length && at - from <= LONGEST_LABEL; at++) {
    const char = text.charAt(at);
    if (char === "\\") at++;
    else if (char === "[") depth++;
    else if (char === "]" && --depth === 0) return at;
  }
  return -1;
}

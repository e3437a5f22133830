/**
 * Markdown of answers as data, for whoever draws it. Whatever HTML stands in it is text; pictures are links, so that
 * nothing is loaded; links lead to pages and mail only. An answer that is still coming is read as far as it goes.
 * The time it takes grows with the text's length, however the text is written.
 */

import { inlines } from "./inline";

export type Inline =
  | { kind: "text" | "code"; text: string }
  | { kind: "break" }
  | { kind: "strong" | "em" | "del"; children: Inline[] }
  | { kind: "link"; href: string; picture: boolean; children: Inline[] };

export type Block =
  | { kind: "paragraph"; children: Inline[] }
  | { kind: "heading"; level: number; children: Inline[] }
  | { kind: "code"; language: string; text: string }
  | { kind: "list"; start: number | null; items: Block[][] }
  | { kind: "quote"; blocks: Block[] }
  | { kind: "table"; head: Inline[][]; rows: Inline[][][] }
  | { kind: "rule" };

/** A block with the text that it was read from: what was drawn of the same text can stay. */
export interface Written {
  source: string;
  block: Block;
}

const FENCE = /^ {0,3}(`{3,}(?!.*`)|~{3,})(.*)$/;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/;
const RULE = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const QUOTE = /^ {0,3}>[ \t]?/;
const ITEM = /^( *)([-*+]|\d{1,9}[.)])(?:[ \t]+|$)/;
const DELIMITERS = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
/** Lists and quotes within one another; what lies deeper is a paragraph. */
const DEEPEST = 12;

/** The blocks of a text. */
export function markdown(text: string): Written[] {
  return new Reader(text.replaceAll("\r\n", "\n").replaceAll("\t", "    ").split("\n"), 0).written();
}

/**
 * A text that is still coming, with the mark closed that its last paragraph has open: what is bold shows as bold at once,
 * and no mark is seen that goes away again.
 */
export function closed(text: string): string {
  const last = text.slice(text.lastIndexOf("\n\n") + 1);
  if ((text.match(/^ {0,3}(```|~~~)/gm)?.length ?? 0) % 2 === 1) return text;
  const code = last.split("`").length % 2 === 0;
  if (code) return `${text}\``;
  const bold = last.replaceAll(/`[^`]*`/g, "").split("**").length % 2 === 0;
  return bold && /[^\s*]$/.test(text) ? `${text}**` : text;
}

class Reader {
  private at = 0;

  private readonly lines: readonly string[];
  private readonly depth: number;

  constructor(lines: readonly string[], depth: number) {
    this.lines = lines;
    this.depth = depth;
  }

  written(): Written[] {
    const found: Written[] = [];
    while (this.at < this.lines.length) {
      if (this.line().trim() === "") {
        this.at++;
        continue;
      }
      const begin = this.at;
      const block = this.block();
      found.push({ block, source: this.lines.slice(begin, this.at).join("\n") });
    }
    return found;
  }

  private line(at = this.at): string {
    return this.lines[at] ?? "";
  }

  private block(): Block {
    const line = this.line();
    const fence = FENCE.exec(line);
    if (fence) return this.code(fence[1] ?? "", fence[2]?.trim().split(/\s/)[0] ?? "");
    const heading = HEADING.exec(line);
    if (heading) {
      this.at++;
      return { kind: "heading", level: heading[1]?.length ?? 1, children: inlines(withoutEnd(heading[2] ?? "")) };
    }
    if (RULE.test(line)) {
      this.at++;
      return { kind: "rule" };
    }
    if (this.depth < DEEPEST) {
      if (QUOTE.test(line)) return this.quote();
      if (ITEM.test(line)) return this.list();
    }
    return this.isTable() ? this.table() : this.paragraph();
  }

  private code(fence: string, language: string): Block {
    const inside: string[] = [];
    const indent = this.line().search(/\S/);
    for (this.at++; this.at < this.lines.length; this.at++) {
      const mark = this.line().trim();
      if (mark.length >= fence.length && mark === fence.charAt(0).repeat(mark.length)) {
        this.at++;
        break;
      }
      inside.push(this.line().replace(new RegExp(`^ {0,${indent}}`), ""));
    }
    return { kind: "code", language, text: inside.join("\n") };
  }

  private quote(): Block {
    const inside: string[] = [];
    while (this.at < this.lines.length && (QUOTE.test(this.line()) || (this.line().trim() !== "" && !this.begins()))) {
      inside.push(this.line().replace(QUOTE, ""));
      this.at++;
    }
    return { kind: "quote", blocks: within(inside, this.depth) };
  }

  private list(): Block {
    const first = ITEM.exec(this.line());
    const outer = first?.[1]?.length ?? 0;
    const mark = kindOf(first?.[2] ?? "");
    const items: Block[][] = [];
    while (this.at < this.lines.length) {
      const item = ITEM.exec(this.line());
      if (!item || kindOf(item[2] ?? "") !== mark || (item[1]?.length ?? 0) > outer + 1 || RULE.test(this.line()))
        break;
      items.push(within(this.item(item[0].length, outer), this.depth));
    }
    const start = mark === "number" ? Number.parseInt(first?.[2] ?? "1", 10) : null;
    return { kind: "list", start, items };
  }

  /** The lines of one item, without its mark and its indent. */
  private item(width: number, outer: number): string[] {
    const inside = [this.line().slice(width)];
    for (this.at++; this.at < this.lines.length; this.at++) {
      const line = this.line();
      const indent = line.search(/\S/);
      if (indent === -1) {
        const next = this.line(this.at + 1);
        if (next.search(/\S/) < outer + 2) {
          if (ITEM.test(next)) this.at++;
          break;
        }
        inside.push("");
      } else if (indent >= outer + 2) inside.push(line.slice(Math.min(indent, width)));
      else if (this.begins()) break;
      else inside.push(line);
    }
    return inside;
  }

  private isTable(): boolean {
    const below = this.line(this.at + 1);
    return this.line().includes("|") && below.includes("-") && DELIMITERS.test(below);
  }

  private table(): Block {
    const head = cells(this.line());
    this.at += 2;
    const rows: Inline[][][] = [];
    while (this.at < this.lines.length && this.line().includes("|")) {
      const row = cells(this.line());
      rows.push(head.map((_, index) => row[index] ?? []));
      this.at++;
    }
    return { kind: "table", head, rows };
  }

  private paragraph(): Block {
    const inside: string[] = [];
    do {
      inside.push(this.line().trim());
      this.at++;
    } while (this.at < this.lines.length && this.line().trim() !== "" && !this.begins() && !this.isTable());
    return { kind: "paragraph", children: inlines(inside.join("\n")) };
  }

  /** Whether another block begins at this line. */
  private begins(): boolean {
    const line = this.line();
    const nests = this.depth < DEEPEST && (QUOTE.test(line) || ITEM.test(line));
    return nests || FENCE.test(line) || HEADING.test(line) || RULE.test(line);
  }
}

/** A heading without the `#` that may stand behind it, too. */
function withoutEnd(text: string): string {
  let end = text.trimEnd().length;
  while (end > 0 && text.charAt(end - 1) === "#") end--;
  return end === 0 || text.charAt(end - 1) === " " ? text.slice(0, end).trim() : text.trim();
}

const kindOf = (mark: string) => (/\d/.test(mark) ? "number" : mark);

const within = (lines: string[], depth: number): Block[] =>
  new Reader(lines, depth + 1).written().map(({ block }) => block);

function cells(line: string): Inline[][] {
  const inside = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return inside.split(/(?<!\\)\|/).map((cell) => inlines(cell.trim().replaceAll("\\|", "|")));
}

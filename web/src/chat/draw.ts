/**
 * Draws Markdown as elements, made one by one: no text ever becomes HTML. What was drawn before of the same text stays
 * where it is, so that a selection holds, and nothing jumps, while an answer is coming.
 */

import { type Block, type Inline, markdown } from "./markdown";

const drawn = new WeakMap<Element, string[]>();
const LEVELS = ["h2", "h3", "h4"] as const;

/** Shows a text in an element. `picture` is said of pictures, which are links. */
export function draw(into: HTMLElement, text: string, picture: string): void {
  const wanted = markdown(text);
  const before = drawn.get(into) ?? [];
  let same = 0;
  while (same < wanted.length && before[same] === wanted[same]?.source) same++;
  while (into.children.length > same) into.lastChild?.remove();
  for (const { block } of wanted.slice(same)) into.append(blockOf(block, picture));
  drawn.set(
    into,
    wanted.map(({ source }) => source),
  );
}

export function made<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className = "",
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...inside);
  return element;
}

function blockOf(block: Block, picture: string): HTMLElement {
  const line = (parts: Inline[]) => parts.map((part) => inlineOf(part, picture));
  switch (block.kind) {
    case "paragraph":
      return auto(made("p", "", ...line(block.children)));
    case "heading":
      return auto(made(LEVELS[Math.min(block.level, 3) - 1] ?? "h4", "", ...line(block.children)));
    case "code": {
      const pre = made("pre", "", made("code", "", block.text));
      pre.tabIndex = 0;
      return pre;
    }
    case "rule":
      return made("hr");
    case "quote":
      return auto(made("blockquote", "", ...block.blocks.map((inner) => blockOf(inner, picture))));
    case "list":
      return listOf(block, picture);
    case "table": {
      const head = made("tr", "", ...block.head.map((cell) => auto(made("th", "", ...line(cell)))));
      const rows = block.rows.map((row) => made("tr", "", ...row.map((cell) => auto(made("td", "", ...line(cell))))));
      const table = made("div", "table", auto(made("table", "", made("thead", "", head), made("tbody", "", ...rows))));
      table.tabIndex = 0;
      return table;
    }
  }
}

function listOf(block: Extract<Block, { kind: "list" }>, picture: string): HTMLElement {
  const items = block.items.map((blocks) => {
    const inside = blocks.flatMap((inner, index) =>
      inner.kind === "paragraph" && index === 0
        ? inner.children.map((part) => inlineOf(part, picture))
        : [blockOf(inner, picture)],
    );
    return made("li", "", ...inside);
  });
  // Of the list, not of each item: its marks stand where its room is.
  if (block.start === null) return auto(made("ul", "", ...items));
  const list = made("ol", "", ...items);
  list.start = block.start;
  return auto(list);
}

function inlineOf(part: Inline, picture: string): Node {
  switch (part.kind) {
    case "text":
      return document.createTextNode(part.text);
    case "code":
      return made("code", "", part.text);
    case "break":
      return made("br");
    case "link": {
      const link = made(
        "a",
        "",
        ...(part.picture ? [`${picture}: `] : []),
        ...part.children.map((one) => inlineOf(one, picture)),
      );
      link.href = part.href;
      link.target = "_blank";
      link.rel = "noopener noreferrer nofollow";
      link.title = part.href;
      return link;
    }
    default:
      return made(part.kind, "", ...part.children.map((one) => inlineOf(one, picture)));
  }
}

/** Text runs as what stands in it does, whatever the language of the page. */
function auto<T extends HTMLElement>(element: T): T {
  element.dir = "auto";
  return element;
}

/** The conversation: its entries, what stands there before the first, and where it is scrolled to. */

import { draw, made } from "../draw";
import { Entry } from "./entry";
import type { Shown, Texts, Turn } from "./types";

/** So near its end the log goes on with what comes; whoever reads further up stays there. */
const NEAR = 80;

export class Log {
  private readonly log = element("log");
  private readonly down = made("button", "icon");
  private readonly said = element("said");
  private follows = true;

  private readonly texts: Texts;

  constructor(texts: Texts) {
    this.texts = texts;
    this.down.id = "down";
    this.down.type = "button";
    this.down.textContent = "↓";
    this.down.hidden = true;
    this.down.setAttribute("aria-label", texts.toEnd ?? "");
    this.down.onclick = () => this.toEnd();
    element("chat").append(this.down);
    this.log.onscroll = () => {
      this.follows = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
      this.down.hidden = this.follows;
    };
    new ResizeObserver(() => this.settle()).observe(this.log);
  }

  /** Begins anew: with the greeting, and questions to choose from. */
  begin(shown: Shown, choose: (text: string) => void): void {
    this.log.replaceChildren();
    const words = made("div", "theirs");
    draw(words, shown.greeting, this.texts.picture ?? "");
    const chosen = made("div", "suggestions");
    chosen.setAttribute("role", "group");
    chosen.setAttribute("aria-label", this.texts.suggested ?? "");
    for (const text of shown.suggestions) {
      const button = made("button", "", text);
      button.type = "button";
      button.dir = "auto";
      button.onclick = () => choose(text);
      chosen.append(button);
    }
    const first = made("div", "first", words, ...(shown.suggestions.length > 0 ? [chosen] : []));
    if (shown.greeting || shown.suggestions.length > 0) this.log.append(first);
    // A long greeting is read from its beginning.
    this.follows = false;
    this.log.scrollTop = 0;
  }

  /** Takes the questions away, which are for the beginning. */
  begun(): void {
    this.log.querySelector(".suggestions")?.remove();
  }

  add(turn: Pick<Turn, "text" | "files">, again: () => void): Entry {
    const entry = new Entry(turn, this.texts, again);
    this.log.append(entry.element);
    this.follows = true;
    this.settle();
    return entry;
  }

  remove(entry: Entry): void {
    entry.element.remove();
  }

  /** Goes on with what comes, where the visitor is at the end. */
  settle(): void {
    if (this.follows) this.log.scrollTop = this.log.scrollHeight;
  }

  private toEnd(): void {
    this.follows = true;
    this.down.hidden = true;
    this.settle();
    this.log.focus();
  }

  /** Tells a screen reader, once. */
  say(text: string): void {
    this.said.textContent = "";
    // Emptied and filled in one go nothing would have changed.
    setTimeout(() => {
      this.said.textContent = text;
    }, 50);
  }
}

export function element<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

/** One message and its answer, as they stand in the conversation. */

import { draw, made } from "../draw";
import { closed } from "../markdown";
import { isOpen, type Progress, type Texts, type Turn } from "./types";

export class Entry {
  readonly element: HTMLElement;
  private readonly steps = made("ol", "steps");
  private readonly words = made("div", "theirs");
  private readonly state = made("p", "state");
  private readonly tools = made("div", "tools");

  private readonly texts: Texts;
  private readonly again: () => void;

  constructor(turn: Pick<Turn, "text" | "files">, texts: Texts, again: () => void) {
    this.texts = texts;
    this.again = again;
    this.steps.setAttribute("aria-label", this.text("works"));
    const mine = made("div", "mine", made("span", "away", `${this.text("you")}: `));
    if (turn.text) {
      const words = made("div", "words", turn.text);
      words.dir = "auto";
      mine.append(words);
    }
    if (turn.files.length > 0) {
      const names = turn.files.map(({ fileName }) => made("li", "", made("bdi", "", fileName)));
      mine.append(made("ul", "files", ...names));
    }
    const answer = made("div", "", this.steps, this.words, this.state, this.tools);
    this.element = made("div", "turn", mine, answer);
  }

  /** Shows how far the answer is. */
  show(now: Progress): void {
    this.steps.hidden = now.steps.length === 0 || !isOpen(now);
    this.steps.replaceChildren(...stepsOf(now));
    draw(this.words, now.answer ?? closed(now.coming), this.text("picture"));
    this.words.setAttribute("aria-busy", String(isOpen(now)));
    this.state.hidden = false;
    this.state.className = "state";
    switch (now.state) {
      case "running":
        this.state.replaceChildren(...(now.coming ? [] : [dots(this.text("works"))]));
        this.state.hidden = now.coming !== "";
        break;
      case "waiting":
        this.state.replaceChildren(this.text("waits"));
        break;
      case "answered":
        this.state.hidden = Boolean(now.answer);
        this.state.replaceChildren(this.text("noAnswer"));
        break;
      case "failed":
        this.wrong(this.text("failed"));
        break;
      case "stopped":
        this.state.replaceChildren(this.text("stopped"), this.retry());
        break;
    }
    this.offer(now);
  }

  /** Says that the message was not taken. */
  wrong(text: string): void {
    this.steps.hidden = true;
    this.state.hidden = false;
    this.state.className = "state wrong";
    this.state.replaceChildren(text, this.retry());
  }

  private offer(now: Progress): void {
    if (now.state !== "answered" || !now.answer) {
      this.tools.replaceChildren();
      return;
    }
    const text = now.answer;
    const copy = made("button", "quiet", this.text("copy"));
    copy.type = "button";
    copy.onclick = async () => {
      await copied(text);
      copy.textContent = this.text("copied");
      setTimeout(() => {
        copy.textContent = this.text("copy");
      }, 2_000);
    };
    this.tools.replaceChildren(copy);
  }

  private retry(): HTMLElement {
    const button = made("button", "quiet", this.text("again"));
    button.type = "button";
    button.onclick = this.again;
    return button;
  }

  private text(id: string): string {
    return this.texts[id] ?? "";
  }
}

function stepsOf(now: Progress): HTMLElement[] {
  return now.steps.map(({ name, state }) => made("li", state, made("bdi", "", name)));
}

function dots(text: string): HTMLElement {
  const shown = made("span", "dots", made("i"), made("i"), made("i"));
  shown.setAttribute("role", "img");
  shown.setAttribute("aria-label", text);
  return shown;
}

/** Puts a text on the clipboard; in a frame that may not, by a selection. */
async function copied(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = made("textarea");
    area.value = text;
    area.className = "away";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

/** Where a visitor writes: Enter sends, Shift and Enter begin a line, and no key does while a word is being composed. */

import { made } from "../draw";
import { element } from "./log";
import type { Shown, Texts } from "./types";

export class Compose {
  private readonly form = element<HTMLFormElement>("ask");
  private readonly text = element<HTMLTextAreaElement>("text");
  private readonly sendButton = element<HTMLButtonElement>("send");
  private readonly stopButton = element<HTMLButtonElement>("stop");
  private readonly attach = element("attach");
  private readonly chosen = element("chosen");
  private readonly trouble = element("trouble");
  private files: File[] = [];
  private busy = false;

  private readonly texts: Texts;

  constructor(texts: Texts, send: (text: string, files: File[]) => void, stop: () => void) {
    this.texts = texts;
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.submit(send);
    };
    this.stopButton.onclick = stop;
    this.text.oninput = () => this.fit();
    this.text.onkeydown = (event) => {
      // Safari ends a composition before its Enter: 229 is the key then.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.submit(send);
    };
    this.takeFiles();
  }

  show(shown: Shown): void {
    const label = shown.placeholder || this.texts.write || "";
    this.text.placeholder = label;
    this.text.setAttribute("aria-label", label);
    this.text.maxLength = shown.mostCharacters;
    this.attach.hidden = shown.files === null;
    if (shown.files) {
      const input = this.input();
      input.accept = shown.files.accept.join(",");
      input.multiple = shown.files.most > 1;
    }
    this.form.hidden = false;
    this.fit();
  }

  hide(): void {
    this.form.hidden = true;
  }

  /** Whether an answer is on its way: then it can be stopped, and nothing else be sent. What was begun stays. */
  set answering(busy: boolean) {
    const focused = document.activeElement === this.sendButton || document.activeElement === this.stopButton;
    this.busy = busy;
    this.sendButton.hidden = busy;
    this.stopButton.hidden = !busy;
    if (focused) (busy ? this.stopButton : this.text).focus();
  }

  /** Puts back what could not be sent, unless something else was begun. */
  restore(text: string, files: File[]): void {
    if (this.text.value.trim() || this.files.length > 0) return;
    this.text.value = text;
    this.files = files;
    this.list();
    this.fit();
  }

  focus(): void {
    this.text.focus();
  }

  say(text: string): void {
    this.trouble.textContent = text;
  }

  private submit(send: (text: string, files: File[]) => void): void {
    const text = this.text.value.trim();
    if (this.busy) {
      this.say(this.texts.stillAnswering ?? "");
      return;
    }
    if (!text && this.files.length === 0) return;
    const { files } = this;
    this.text.value = "";
    this.files = [];
    this.say("");
    this.list();
    this.fit();
    send(text, files);
  }

  private takeFiles(): void {
    const input = this.input();
    input.onchange = () => {
      this.add([...(input.files ?? [])]);
      input.value = "";
    };
    this.text.onpaste = (event) => {
      const pasted = [...(event.clipboardData?.files ?? [])];
      if (this.attach.hidden || pasted.length === 0) return;
      event.preventDefault();
      this.add(pasted);
    };
    document.ondragover = (event) => event.preventDefault();
    document.ondrop = (event) => {
      event.preventDefault();
      if (!this.attach.hidden) this.add([...(event.dataTransfer?.files ?? [])]);
    };
  }

  private add(files: File[]): void {
    this.files = [...this.files, ...files];
    this.list();
    this.focus();
  }

  private list(): void {
    const rows = this.files.map((file) => {
      const away = made("button", "quiet", "×");
      away.type = "button";
      away.setAttribute("aria-label", `${this.texts.close}: ${file.name}`);
      away.onclick = () => {
        this.files = this.files.filter((one) => one !== file);
        this.list();
        this.focus();
      };
      return made("li", "", made("bdi", "", file.name), away);
    });
    this.chosen.replaceChildren(...(rows.length > 0 ? [made("ul", "files", ...rows)] : []));
  }

  private input(): HTMLInputElement {
    return this.attach.querySelector("input") as HTMLInputElement;
  }

  /** As high as its text, up to what the style allows. */
  private fit(): void {
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
  }
}

/** Lets a visitor in: asks for the password, or sends members to the app, which says who they are. */

import { made } from "../draw";
import { element } from "./log";
import { Refused, type Server } from "./server";
import type { Given, Shown } from "./types";

/** Resolves with what the page says, once the visitor is in. */
export function gate(given: Given, server: Server): Promise<Shown> {
  return given.access === "password" ? byPassword(given, server) : byMembership(given, server);
}

function byPassword({ texts }: Given, server: Server): Promise<Shown> {
  return new Promise((done) => {
    const input = made("input");
    input.type = "password";
    input.autocomplete = "current-password";
    input.required = true;
    input.id = "password";
    const label = made("label", "", texts.password ?? "");
    label.htmlFor = "password";
    const trouble = made("p", "state wrong");
    trouble.setAttribute("role", "alert");
    const button = made("button", "button", texts.enter ?? "");
    const form = made("form", "", label, input, trouble, button);
    const shown = put(form);
    form.onsubmit = async (event) => {
      event.preventDefault();
      button.disabled = true;
      trouble.textContent = "";
      try {
        const found = await server.enter({ password: input.value });
        shown.remove();
        done(found);
      } catch (error) {
        trouble.textContent = error instanceof Refused ? error.message : (texts.away ?? "");
        button.disabled = false;
        input.select();
      }
    };
    input.focus();
  });
}

const VERIFIER = "stepweave.chat.verifier";

async function byMembership({ texts, place, app }: Given, server: Server): Promise<Shown> {
  const code = /^#entry=([\w.-]+)$/.exec(location.hash)?.[1];
  if (code) {
    history.replaceState(null, "", location.pathname + location.search);
    const verifier = taken();
    try {
      return await server.enter({ code, verifier });
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error;
    }
  }
  const link = made("a", "button", texts.logIn ?? "");
  link.href = `${app}/chat-entry?${new URLSearchParams({ chat: place.replace(/^\/chat\//, ""), challenge: await challenge() })}`;
  link.target = "_top";
  put(made("p", "", texts.membersOnly ?? ""), link);
  return new Promise(() => undefined); // the visitor goes to the app, and comes back with a code
}

function put(...inside: HTMLElement[]): HTMLElement {
  const shown = made("div", "gate", ...inside);
  element("log").append(shown);
  return shown;
}

/** Keeps a new secret for this tab, and returns its digest. */
async function challenge(): Promise<string> {
  const verifier = text(crypto.getRandomValues(new Uint8Array(32)));
  sessionStorage.setItem(VERIFIER, verifier);
  return text(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}

function taken(): string {
  const found = sessionStorage.getItem(VERIFIER) ?? "";
  sessionStorage.removeItem(VERIFIER);
  return found;
}

const text = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** A chat's page: lets the visitor in, shows what was said, sends what is written, follows the answer. */

import { Compose } from "./compose";
import type { Entry } from "./entry";
import { follow } from "./follow";
import { gate } from "./gate";
import { element, Log } from "./log";
import { Refused, Server } from "./server";
import { type Given, isOpen, type Progress, type Shown, type Turn } from "./types";

const given = JSON.parse(element("given").textContent ?? "") as Given;
const { texts } = given;
const server = new Server(given);
const log = new Log(texts);
const compose = new Compose(
  texts,
  (text, files) => void send(text, files),
  () => void stop(),
);
const anew = element<HTMLButtonElement>("new");

/** The message whose answer is on its way, if any. */
let open: { turn: Progress; entry: Entry; end: () => void } | null = null;
let shown: Shown | null = given.shown;

anew.onclick = () => {
  open?.end();
  open = null;
  server.forget();
  compose.answering = false;
  compose.say("");
  void begin();
};

async function begin(): Promise<void> {
  let turns: Turn[] = [];
  if (server.known) {
    try {
      ({ shown, turns } = await server.talk());
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error;
      server.forget();
    }
  }
  if (!server.known && given.access !== "public") {
    compose.hide();
    log.begin({ greeting: "", placeholder: "", suggestions: [], files: null, mostCharacters: 0 }, () => undefined);
    shown = await gate(given, server);
  }
  if (!shown) return;
  compose.show(shown);
  log.begin(shown, (text) => void send(text, []));
  for (const turn of turns) take(turn);
  anew.hidden = turns.length === 0;
  if (!matchMedia("(pointer: coarse)").matches) compose.focus();
}

/** Shows a message that the server knows, and follows its answer. */
function take(turn: Turn, files: File[] = [], known?: Entry): void {
  log.begun();
  anew.hidden = false;
  const entry = known ?? log.add(turn, () => void retry(entry, turn.text, files));
  entry.show(turn);
  log.settle();
  if (!isOpen(turn)) return;
  compose.answering = true;
  const end = follow(
    server,
    turn,
    (now) => {
      entry.show(now);
      log.settle();
      if (open?.entry === entry) open.turn = now;
      if (!isOpen(now)) ended(now);
    },
    (error) => {
      compose.say(error?.message ?? "");
      if (error?.status === 401 || error?.status === 404) ended(null);
    },
  );
  open = { turn, entry, end };
}

function ended(now: Progress | null): void {
  open = null;
  compose.answering = false;
  if (now) log.say(saidOf(now));
}

function saidOf(now: Progress): string {
  if (now.state === "answered") return now.answer ? `${texts.answerIs}: ${now.answer}` : (texts.noAnswer ?? "");
  return (now.state === "stopped" ? texts.stopped : texts.failed) ?? "";
}

async function send(text: string, files: File[], entry?: Entry): Promise<void> {
  if (open) return;
  const id = crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint32Array(4))].join("-");
  const told = { text, files: files.map(({ name, size }) => ({ fileName: name, size })) };
  const own = entry ?? log.add(told, () => void retry(own, text, files));
  log.begun();
  anew.hidden = false;
  own.show({ id: "", tag: "", state: "running", answer: null, coming: "", from: 0, source: "", steps: [] });
  log.settle();
  compose.answering = true;
  log.say(texts.works ?? "");
  try {
    if (!server.known) await server.enter();
    take(await sent(id, text, files), files, own);
  } catch (error) {
    compose.answering = false;
    const refused = error instanceof Refused ? error : new Refused(0, texts.away ?? "");
    if (refused.status === 401) {
      server.forget();
      compose.say(refused.message);
      if (given.access !== "public") location.reload();
    }
    if (refused.status === 422 || refused.status === 413 || refused.status === 409) {
      // It is to be changed, or sent later: it goes back to where it was written.
      log.remove(own);
      compose.restore(text, files);
      compose.say(refused.message);
      compose.focus();
    } else own.wrong(refused.message);
  }
}

/** Sends a message, once more with the same id where nobody knows whether it arrived. */
async function sent(id: string, text: string, files: File[]): Promise<Turn> {
  try {
    return await server.send(id, text, files);
  } catch (error) {
    if (!(error instanceof Refused) || (error.status !== 0 && error.status < 500)) throw error;
    await new Promise((done) => setTimeout(done, 1_000));
    return server.send(id, text, files);
  }
}

/** Sends a message again that came to nothing, as a new one. */
async function retry(entry: Entry, text: string, files: File[]): Promise<void> {
  if (open) {
    compose.say(texts.stillAnswering ?? "");
    return;
  }
  log.remove(entry);
  compose.say("");
  compose.focus();
  await send(text, files);
}

async function stop(): Promise<void> {
  const stopping = open;
  if (!stopping) return;
  try {
    const now = await server.stop(stopping.turn.id);
    stopping.end();
    stopping.entry.show(now);
    ended(now);
    compose.focus();
  } catch (error) {
    compose.say(error instanceof Refused ? error.message : (texts.away ?? ""));
  }
}

begin().catch((error: unknown) => {
  compose.say(error instanceof Refused && error.message ? error.message : (texts.away ?? ""));
});

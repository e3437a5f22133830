/** A conversation with the draft: each message is a run of it, whose answer is read as it comes. */

import { create } from "zustand";
import { listItems, storeRunFile } from "../../api/endpoints";
import type { ErrorInfo } from "../../api/types";
import type { Item, WorkflowNode } from "../../graph/document";
import { isOver, type RunState } from "../../run/state";
import type { RunStore } from "../../run/store";
import { currentDocument, useEditor } from "../store";
import { answering, answerOf } from "./answers";
import { nameOf } from "./files";

export interface Said {
  id: string;
  text: string;
  /** The names of its files. */
  files: string[];
  executionId: string;
  /** `works` and `waits` while there is more to come. */
  state: "works" | "waits" | "answered" | "failed" | "cancelled";
  answer: string;
  steps: { nodeId: string; name: string; status: string }[];
  error: ErrorInfo | null;
  failedNode: string | null;
}

interface Talk {
  /** Of the trigger's workflow and node. */
  of: string;
  sessionId: string;
  said: Said[];
}

export const useTalk = create<Talk>(() => ({ of: "", sessionId: "", said: [] }));

/** By chance; `crypto.randomUUID` is there on pages with https only. */
const fresh = () =>
  [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(16).padStart(8, "0")).join("");

/** Goes on with the conversation of a trigger, or begins one. */
export function openTalk(of: string): void {
  if (useTalk.getState().of !== of) useTalk.setState({ of, sessionId: fresh(), said: [] });
}

export function beginAnew(): void {
  useTalk.setState({ sessionId: fresh(), said: [] });
}

/** The item that a message is, whose files are stored first. Rejects with what the API says. */
export async function itemOf(text: string, files: readonly File[]): Promise<Item> {
  const { sessionId } = useTalk.getState();
  const { workflowId } = useEditor.getState();
  const stored = await Promise.all(files.map((file) => storeRunFile(workflowId, file)));
  const told = stored.map(({ fileName, mimeType, size }) => ({ fileName, mimeType, size }));
  const json = { sessionId, chatInput: text, action: "sendMessage", messageId: fresh(), files: told };
  const binary = Object.fromEntries(stored.map((ref, place) => [nameOf(place), ref]));
  return stored.length > 0 ? { json, binary } : { json };
}

/** Follows the run of a message, in the store that the canvas shows it from. Returns what ends that. */
export function follow(
  chat: WorkflowNode,
  { text, files }: { text: string; files: readonly File[] },
  executionId: string,
  store: RunStore,
): () => void {
  const id = fresh();
  const { catalogue } = useEditor.getState();
  const document = currentDocument();
  const answers = answering(document, catalogue, chat).map((node) => node.id);
  const names = new Map(document.nodes.map((node) => [node.id, node.name]));
  const first: Said = {
    id,
    text,
    files: files.map(({ name }) => name),
    executionId,
    state: "works",
    answer: "",
    steps: [],
    error: null,
    failedNode: null,
  };
  useTalk.setState(({ said }) => ({ said: [...said, first] }));
  const put = (more: Partial<Said>) =>
    useTalk.setState(({ said }) => ({ said: said.map((one) => (one.id === id ? { ...one, ...more } : one)) }));
  let over = false;
  const look = async (run: RunState) => {
    if (over) return;
    const steps = stepsOf(run, names, chat.id);
    if (!isOver(run.status)) {
      put({ steps, state: isWaiting(run) ? "waits" : "works", ...coming(run, answers) });
      return;
    }
    over = true;
    end();
    if (run.status !== "succeeded") {
      const failedNode = steps.find(({ status }) => status === "failed")?.nodeId ?? null;
      put({ steps, state: run.status === "cancelled" ? "cancelled" : "failed", error: run.error, failedNode });
      return;
    }
    put({ steps, state: "answered", answer: await answerFrom(run, executionId, answers, chat.params.answerField) });
  };
  const end = store.subscribe(({ run }) => void look(run));
  void look(store.getState().run);
  return end;
}

const isWaiting = (run: RunState) => {
  const statuses = Object.values(run.nodes).map(({ status }) => status);
  return statuses.includes("waiting") && !statuses.includes("running") && !statuses.includes("retrying");
};

function coming(run: RunState, answers: string[]): { answer?: string } {
  const found = answers.map((id) => run.coming[id]).find(Boolean);
  if (!found) return {};
  return {
    answer: Object.values(found.items)
      .map(({ text }) => text)
      .join("\n\n"),
  };
}

function stepsOf(run: RunState, names: Map<string, string>, triggerId: string): Said["steps"] {
  return Object.values(run.nodes)
    .filter(({ nodeId }) => nodeId !== triggerId && names.has(nodeId))
    .map(({ nodeId, status }) => ({ nodeId, name: names.get(nodeId) ?? "", status }));
}

/** What the nodes gave that answer, the latest first. */
async function answerFrom(run: RunState, id: string, answers: string[], field: unknown): Promise<string> {
  const ended = answers
    .flatMap((nodeId) => run.nodes[nodeId] ?? [])
    .sort((a, b) => (b.endedAt ?? "").localeCompare(a.endedAt ?? ""));
  const outputs = await Promise.all(
    ended.map(async ({ nodeId, iteration, sent }) => {
      const [port] = Object.keys(sent).filter((name) => (sent[name] ?? 0) > 0);
      if (!port) return [];
      const query = { nodeId, iteration, direction: "out", port, offset: 0, limit: 20 } as const;
      const page = await listItems(id, query).catch(() => ({ items: [] }));
      return page.items.map(({ json }) => json as Record<string, unknown>);
    }),
  );
  return answerOf(outputs, field);
}

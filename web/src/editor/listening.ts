/** Listening for a trigger's event: one at a time, stopped when the editor is left, whatever node is selected. */

import { create } from "zustand";
import { getListening, listenOnce, stopListening } from "../api/listening";
import { ApiError } from "../api/problem";
import type { Listen } from "../api/types";
import type { Item } from "../graph/document";
import { messageOf } from "../ui/message";
import { tell, untell } from "./findings";

const EVERY_MS = 2_000;

export type Listening =
  | { kind: "busy" }
  | { kind: "waiting"; until: number }
  | { kind: "heard"; items: Item[] }
  | { kind: "timedOut" }
  | { kind: "stopped" }
  | { kind: "failed"; title: string; detail: string };

/** What became of listening, by node; and what is under way at a provider. */
export const useListening = create<{ of: Record<string, Listening> }>(() => ({ of: {} }));

interface Active {
  workflowId: string;
  nodeId: string;
  id: string;
  timer: ReturnType<typeof setTimeout>;
}
let active: Active | null = null;
/** How often the editor was left: an answer that comes after that is of no use. */
let left = 0;

function set(nodeId: string, state: Listening): void {
  useListening.setState(({ of }) => ({ of: { ...of, [nodeId]: state } }));
}

/** Fetches the newest things, or begins to listen. The draft is saved already. */
export async function listen(workflowId: string, nodeId: string): Promise<void> {
  const before = active?.nodeId;
  await stop();
  if (before && before !== nodeId) set(before, { kind: "stopped" });
  const began = left;
  untell(nodeId);
  set(nodeId, { kind: "busy" });
  try {
    const answer = await listenOnce(workflowId, nodeId);
    if (began !== left) {
      if (answer.id) await stopListening(workflowId, answer.id);
      return;
    }
    take(workflowId, nodeId, answer);
  } catch (error) {
    if (began === left) fail(nodeId, error);
  }
}

/** Ends what is under way. Never rejects: the platform ends it by itself a little later. */
export async function stop(): Promise<void> {
  const was = active;
  if (!was) return;
  active = null;
  clearTimeout(was.timer);
  set(was.nodeId, { kind: "stopped" });
  await stopListening(was.workflowId, was.id).catch(() => undefined);
}

/** Forgets everything: another workflow is opened, or none. */
export function leave(): void {
  left += 1;
  void stop();
  useListening.setState({ of: {} });
}

function take(workflowId: string, nodeId: string, answer: Listen): void {
  if (answer.state === "waiting" && answer.id) {
    const { id } = answer;
    const timer = setTimeout(() => void look(workflowId, nodeId, id), EVERY_MS);
    active = { workflowId, nodeId, id, timer };
    set(nodeId, { kind: "waiting", until: answer.until ? Date.parse(answer.until) : Date.now() });
    return;
  }
  const { id } = answer;
  active = null;
  set(nodeId, answer.state === "timedOut" ? { kind: "timedOut" } : { kind: "heard", items: answer.items });
  if (id) void stopListening(workflowId, id).catch(() => undefined);
}

async function look(workflowId: string, nodeId: string, id: string): Promise<void> {
  try {
    const answer = await getListening(workflowId, id);
    if (active?.id === id) take(workflowId, nodeId, answer);
  } catch (error) {
    if (active?.id !== id) return;
    if (error instanceof ApiError && error.status === 404) {
      active = null;
      set(nodeId, { kind: "timedOut" }); // somebody began to listen elsewhere, or it is long over
      return;
    }
    active.timer = setTimeout(() => void look(workflowId, nodeId, id), EVERY_MS); // a bad moment of the network
  }
}

function fail(nodeId: string, error: unknown): void {
  if (error instanceof ApiError) tell(error);
  set(nodeId, { kind: "failed", ...messageOf(error) });
}

// Trying out triggers: one that polls gives things at once, any other hears of an event after a few seconds.
import { randomUUID } from "node:crypto";
import { catalogue, find, problem } from "../state.mjs";

const HEARD_AFTER = 4_000;
const SECONDS = 120;

const NEWEST = [{ json: { id: 1042, total: 15 } }, { json: { id: 1043, total: 120 } }];

export const listening = {
  "POST /api/workflows/{workflow_id}/triggers/{node_id}/listen": ({ state }, _, id, nodeId) => {
    const node = find(state.workflows, id).document.nodes.find((one) => one.id === nodeId);
    if (!node) throw problem(422, "There is no such node", "unknown_node");
    const entry = catalogue.nodes.find((one) => one.type === node.type);
    if (!entry?.listens) throw problem(422, "Nothing to listen to", "cannot_listen");
    if (state.listenFails) throw problem(422, "Refused", "trigger_refused", { detail: "It answered 401." });
    if (entry.listens.polls) return [200, { id: null, state: "heard", until: null, items: NEWEST }];
    const until = new Date(Date.now() + SECONDS * 1_000).toISOString();
    const made = { id: randomUUID(), until, heardAt: Date.now() + HEARD_AFTER };
    state.listens.push(made);
    return [200, answerOf(made)];
  },
  "GET /api/workflows/{workflow_id}/listens/{listen_id}": ({ state }, _, __, id) => [
    200,
    answerOf(find(state.listens, id)),
  ],
  "DELETE /api/workflows/{workflow_id}/listens/{listen_id}": ({ state }, _, __, id) => {
    state.listens = state.listens.filter((one) => one.id !== id);
    return [204];
  },
};

function answerOf({ id, until, heardAt }) {
  const heard = heardAt <= Date.now();
  return { id, until, state: heard ? "heard" : "waiting", items: heard ? NEWEST.slice(1) : [] };
}

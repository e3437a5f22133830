// Folders, tags and schedules.
import { randomUUID } from "node:crypto";
import { find } from "../state.mjs";

/** The four routes of a list of named things; `fields` are those that a request gives. */
function named(list, path, idName, fields) {
  const given = (body) => Object.fromEntries(fields.map((field) => [field, body[field] ?? null]));
  return {
    [`GET ${path}`]: ({ state }) => [200, { items: state[list] }],
    [`POST ${path}`]: ({ state }, { body }) => {
      const made = { id: randomUUID(), ...given(body), workflows: 0 };
      state[list].push(made);
      return [201, made];
    },
    [`PUT ${path}/{${idName}}`]: ({ state }, { body }, id) => {
      Object.assign(find(state[list], id), given(body));
      return [200, { items: state[list] }];
    },
    [`DELETE ${path}/{${idName}}`]: ({ state }, _, id) => {
      state[list] = state[list].filter((entry) => entry.id !== id);
      return [204];
    },
  };
}

export const organising = {
  ...named("folders", "/api/folders", "folder_id", ["name", "parentId"]),
  ...named("tags", "/api/tags", "tag_id", ["name", "color"]),
  "GET /api/schedules": ({ state }) => [200, { items: state.schedules, polls: state.polls }],
  "PUT /api/schedules/{schedule_id}": ({ state }, { body }, id) => {
    find([...state.schedules, ...state.polls], id).enabled = body.enabled;
    return [204];
  },
  "GET /api/workflows/{workflow_id}/triggers": ({ state }, _, id) => {
    const { document, publishedVersion } = find(state.workflows, id);
    const nodes = publishedVersion === null ? [] : document.nodes.filter(({ type }) => type.endsWith("_trigger"));
    const items = nodes.map((node) => ({
      nodeId: node.id,
      nodeName: node.name,
      nodeType: node.type,
      kind: node.type.replace("_trigger", ""),
      enabled: !state.triggersOff.has(`${id}/${node.id}`),
      switchable: node.type !== "manual_trigger",
    }));
    return [200, { items }];
  },
  "POST /api/workflows/{workflow_id}/triggers/test-calls": ({ state }, _, id) => {
    const { document, publishedVersion } = find(state.workflows, id);
    const nodes = publishedVersion ? document.nodes.filter(({ type }) => type.endsWith("_trigger")) : [];
    const items = nodes.map((node) => {
      const hook = node.type === "webhook_trigger";
      const failed = state.scenario === "failing" && hook;
      return {
        nodeId: node.id,
        nodeName: node.name,
        kind: node.type.replace("_trigger", ""),
        outcome: failed ? "failed" : hook ? "answered" : "waits",
        address: hook ? `http://127.0.0.1:8400/hooks/demo/${node.params.path ?? ""}` : null,
        milliseconds: hook && !failed ? 23 : null,
        message: failed
          ? "No call arrives: the host does not answer."
          : hook
            ? "Calls arrive here."
            : "A person starts it.",
        remedy: failed ? "Publish again." : "",
        next: null,
      };
    });
    return [200, { items }];
  },
  "PUT /api/workflows/{workflow_id}/triggers/{node_id}": ({ state }, { body }, id, nodeId) => {
    find(find(state.workflows, id).document.nodes, nodeId);
    state.triggersOff[body.enabled ? "delete" : "add"](`${id}/${nodeId}`);
    return [204];
  },
  "DELETE /api/workflows/{workflow_id}/registrations/{registration_id}": ({ state }, _, id, registrationId) => {
    const workflow = find(state.workflows, id);
    find(workflow.registrations ?? [], registrationId);
    workflow.registrations = workflow.registrations.filter((one) => one.id !== registrationId);
    return [204];
  },
  "POST /api/schedules/next": (_, { body }) => {
    if (!body.expression.trim()) return [200, { next: [], error: "The schedule is empty: write one." }];
    const hour = 3_600_000;
    const first = Math.ceil(Date.now() / hour) * hour;
    return [200, { next: [0, 1, 2, 3, 4].map((n) => new Date(first + n * hour).toISOString()), error: null }];
  },
};

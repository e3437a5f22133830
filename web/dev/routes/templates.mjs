// Templates: what there is to start from. A few of ours, as they lie in `api/gallery`.
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { catalogue, find, problem } from "../state.mjs";
import { workflows } from "./workflows.mjs";

const FOLDER = new URL("../../../api/gallery/ready/", import.meta.url);
const all = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")))
  .sort((a, b) => a.name.localeCompare(b.name));

const typesOf = ({ workflow }) => [...new Set(workflow.nodes.map(({ type }) => type))];

function appsOf({ workflow }) {
  const found = new Map();
  for (const { type } of workflow.nodes) {
    const entry = catalogue.nodes.find((node) => node.type === type);
    if (!entry || !(entry.app || entry.network || entry.credentials.length)) continue;
    const key = entry.app || entry.type;
    found.set(key, catalogue.nodes.find((node) => node.type === key)?.name ?? entry.name);
  }
  return [...found].map(([key, name]) => ({ key, name }));
}

const summary = (one) => ({
  id: one.id,
  name: one.name,
  summary: one.summary,
  uses: one.uses,
  apps: appsOf(one),
  nodeTypes: typesOf(one),
  version: one.version,
  own: Boolean(one.own),
});

const ownOf = (state) => (state.templates ??= []);

function found(state, id) {
  const one = [...all, ...ownOf(state)].find((template) => template.id === id);
  if (!one) throw problem(404, "There is no such template", "not_found");
  return one;
}

function inert(one) {
  const copy = structuredClone(one.workflow);
  for (const node of copy.nodes) {
    delete node.expected;
    if (!node.type.endsWith("_trigger")) delete node.pinned;
  }
  for (const { fields } of one.credentials) put(copy, fields, "");
  return copy;
}

function put(document, fields, value) {
  for (const { node, field } of fields) document.nodes.find(({ id }) => id === node).params[field] = value;
}

function credentialTypes(one, { fields }) {
  const lists = fields.map(({ node, field }) => {
    const { type } = one.workflow.nodes.find(({ id }) => id === node);
    const wanted = catalogue.nodes.find((entry) => entry.type === type).paramsSchema.properties[field]["x-ui"];
    return [wanted.credential].flat();
  });
  return lists[0].filter((type) => lists.every((list) => list.includes(type)));
}

const counted = (pairs) => {
  const counts = new Map();
  for (const { key, name } of pairs) counts.set(key, { key, name, count: (counts.get(key)?.count ?? 0) + 1 });
  return [...counts.values()].sort((a, b) => a.name.localeCompare(b.name));
};

export const templates = {
  "GET /api/templates": ({ state }, { query }) => {
    const rows = [...all, ...ownOf(state)].map((one) => summary(one));
    const words = (query.get("search") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (one) => {
      const text = [one.name, one.summary, ...one.uses, ...one.apps.map(({ name }) => name)].join(" ").toLowerCase();
      return (
        (!query.get("source") || (query.get("source") === "own") === one.own) &&
        (!query.get("use") || one.uses.includes(query.get("use"))) &&
        (!query.get("app") || one.apps.some(({ key }) => key === query.get("app"))) &&
        words.every((word) => text.includes(word))
      );
    };
    return [
      200,
      {
        items: rows.filter(fits),
        uses: counted(rows.flatMap(({ uses }) => uses.map((use) => ({ key: use, name: use })))),
        apps: counted(rows.flatMap(({ apps }) => apps)),
      },
    ];
  },
  "GET /api/templates/{template_id}": ({ state }, _asked, id) => {
    const one = found(state, id);
    const workflow = inert(one);
    return [
      200,
      {
        ...summary(one),
        workflow,
        credentials: one.credentials.map((slot) => ({
          id: slot.id,
          name: slot.name,
          why: slot.why,
          types: credentialTypes(one, slot),
          fields: slot.fields.map(({ node, field }) => ({ nodeId: node, field })),
        })),
        parameters: one.parameters.map(({ id: asked, label, example = false, fields: [{ node, field }] }) => ({
          id: asked,
          label,
          example,
          nodeId: node,
          field,
          value: workflow.nodes.find((candidate) => candidate.id === node).params[field] ?? null,
        })),
        unknownNodes: [],
      },
    ];
  },
  "GET /api/workflows/{workflow_id}/template": () => [
    200,
    {
      credentials: [],
      parameters: [],
      removed: [{ node: "Webhook", field: "pinned", what: "Pinned data." }],
    },
  ],
  "POST /api/templates": ({ state }, { body }) => {
    const { document } = find(state.workflows, body.workflowId);
    const made = { ...body, id: randomUUID(), own: true, version: 1, credentials: [], parameters: [] };
    ownOf(state).push({ ...made, workflow: structuredClone(document) });
    return [201, { id: made.id, name: made.name, version: 1, removed: [] }];
  },
  "POST /api/templates/{template_id}/versions": ({ state }, { body }, id) => {
    const one = found(state, id);
    one.version += 1;
    one.workflow = structuredClone(find(state.workflows, body.workflowId).document);
    return [201, { id, name: one.name, version: one.version, removed: [] }];
  },
  "DELETE /api/templates/{template_id}": ({ state }, _asked, id) => {
    state.templates = ownOf(state).filter((one) => one !== found(state, id));
    return [204];
  },
  "POST /api/templates/{template_id}/use": (world, { body }, id) => {
    const one = found(world.state, id);
    const missing = one.parameters.filter((asked) => asked.example && !body.parameters?.[asked.id]);
    if (missing.length > 0) {
      const errors = missing.map((asked) => ({
        field: `parameters.${asked.id}`,
        message: `Say this: ${asked.label}.`,
      }));
      throw problem(422, errors[0].message, "invalid_request", { errors });
    }
    const document = inert(one);
    document.name = body.name || one.name;
    for (const asked of one.parameters)
      if (asked.id in (body.parameters ?? {})) put(document, asked.fields, body.parameters[asked.id]);
    for (const slot of one.credentials) put(document, slot.fields, body.credentials?.[slot.id] ?? "");
    const [, made] = workflows["POST /api/workflows"](world, { body: document, query: new URLSearchParams() });
    return [201, { id: made.id, name: document.name, projectId: made.projectId }];
  },
};

// APIs of the workspace: nothing is read out of a document, so each has one operation.
import { randomUUID } from "node:crypto";
import { find, problem } from "../state.mjs";

const operation = { id: "list", label: "List", group: "", method: "GET", path: "/", deprecated: false };
const details = {
  ...operation,
  words: "Lists all that there is.",
  baseUrl: "",
  fields: [{ name: "page", place: "query", required: false, type: "integer", words: "integer, 1 by default" }],
  body: null,
  answers: [{ status: "200", words: "The page.", mediaType: "application/json", gives: "a list of id (string)" }],
};
const made = [];

const filled = (api, { name, baseUrl }) => ({
  ...api,
  name: name || api.name,
  baseUrl: baseUrl || api.baseUrl,
  updatedAt: new Date().toISOString(),
});

const blank = () => ({
  id: randomUUID(),
  name: "API",
  version: "1",
  words: "",
  baseUrl: "https://api.example.com",
  operations: [operation],
  operationCount: 1,
  servers: [],
  schemes: [],
  problems: [],
});

export const apis = {
  "GET /api/apis": () => [200, { items: made }],
  "POST /api/apis": (_, { body }) => {
    made.push(filled(blank(), body));
    return [201, made.at(-1)];
  },
  "GET /api/apis/{api_id}": (_, __, id) => [200, find(made, id)],
  "GET /api/apis/{api_id}/operation": (_, { query }, id) => {
    if (find(made, id) && query.get("id") !== operation.id) throw problem(404, "No such operation", "not_found");
    return [200, details];
  },
  "PUT /api/apis/{api_id}": (_, { body }, id) => {
    const place = made.indexOf(find(made, id));
    made[place] = filled(made[place], body);
    return [200, made[place]];
  },
  "DELETE /api/apis/{api_id}": (_, __, id) => {
    made.splice(made.indexOf(find(made, id)), 1);
    return [204];
  },
};

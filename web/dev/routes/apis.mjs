// APIs of the workspace: nothing is read out of a document, so each has one operation.
import { randomUUID } from "node:crypto";
import { find } from "../state.mjs";

const operation = { id: "list", label: "List", words: "", group: "", method: "GET", path: "/", deprecated: false };
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

// API keys and service accounts.
import { randomBytes, randomUUID } from "node:crypto";
import { find, problem } from "../state.mjs";

const DAY = 86_400_000;
const later = (days) => new Date(Date.now() + days * DAY).toISOString();

function seeded(state) {
  if (state.scenario === "failing") throw problem(503, "The database is not there", "database_unavailable");
  if (state.scenario === "empty") return { keys: [], services: [] };
  if (!state.keys) {
    const service = { id: randomUUID(), name: "Deployments", role: "editor", createdAt: later(-30) };
    const key = (more) => ({
      id: randomUUID(),
      name: "From the pipeline",
      hint: "swk_4fQz…9aXe",
      ownerId: service.id,
      owner: service.name,
      ownerKind: "service",
      permissions: ["workflows.read", "workflows.write"],
      addresses: ["203.0.113.0/24"],
      createdAt: later(-20),
      expiresAt: later(70),
      lastUsedAt: later(-0.1),
      lastAddress: "203.0.113.9",
      ...more,
    });
    const mine = { ownerId: state.user.id, owner: state.user.name, ownerKind: "person", addresses: [] };
    state.services = [service];
    state.keys = [
      key({}),
      key({ ...mine, name: "My laptop", lastUsedAt: null, lastAddress: "" }),
      key({ ...mine, name: "Old export", expiresAt: later(-2) }),
    ];
  }
  return state;
}

const made = (state, key) => {
  state.keys.unshift(key);
  return [201, { key, text: `swk_${randomBytes(19).toString("hex")}` }];
};

export const apiKeys = {
  "GET /api/keys": ({ state }) => [200, { items: seeded(state).keys }],
  "POST /api/keys": ({ state }, { body }) => {
    const service = seeded(state).services.find(({ id }) => id === body.serviceAccountId);
    const owner = service
      ? { ownerId: service.id, owner: service.name, ownerKind: "service" }
      : { ownerId: state.user.id, owner: state.user.name, ownerKind: "person" };
    const { name, permissions, addresses = [], expiresInDays = 90 } = body;
    const times = { createdAt: later(0), expiresAt: later(expiresInDays), lastUsedAt: null, lastAddress: "" };
    return made(state, { id: randomUUID(), hint: "swk_Xy01…77aB", name, permissions, addresses, ...owner, ...times });
  },
  "POST /api/keys/{key_id}/rotate": ({ state }, { body }, id) => {
    const former = find(seeded(state).keys, id);
    former.expiresAt = later((body.overlapHours ?? 24) / 24);
    return made(state, { ...former, id: randomUUID(), createdAt: later(0), expiresAt: later(90), lastUsedAt: null });
  },
  "DELETE /api/keys/{key_id}": ({ state }, _, id) => {
    state.keys = seeded(state).keys.filter((key) => key.id !== id);
    return [204];
  },
  "GET /api/service-accounts": ({ state }) => [200, { items: seeded(state).services }],
  "POST /api/service-accounts": ({ state }, { body }) => {
    const service = { id: randomUUID(), name: body.name, role: body.role, createdAt: later(0) };
    seeded(state).services.push(service);
    return [201, service];
  },
  "DELETE /api/service-accounts/{service_account_id}": ({ state }, _, id) => {
    state.services = seeded(state).services.filter((one) => one.id !== id);
    state.keys = state.keys.filter((key) => key.ownerId !== id);
    return [204];
  },
};

// The audit: a few entries of each kind, the chain whole.
import { randomUUID } from "node:crypto";
import { problem } from "../state.mjs";

const hash = (seq) => (seq * 2654435761).toString(16).padEnd(64, "0").slice(0, 64);
const DAY = 86_400_000;
const KINDS = [
  { action: "folder.changed", before: { name: "Shop" }, after: { name: "Shops of the north" } },
  {
    action: "credential.read",
    actorKind: "system",
    actor: "",
    address: "",
    agent: "",
    details: { executionId: "e-1042" },
  },
  {
    action: "workflow.saved",
    before: { document: { bytes: 18_204, sha256: hash(3) } },
    after: { document: { bytes: 19_310, sha256: hash(4) } },
  },
  { action: "session.refused", actorKind: "visitor", actor: "", details: { why: "password" } },
  {
    action: "refused.token_expired",
    actorKind: "visitor",
    actor: "",
    userId: null,
    agent: "",
    requestId: "",
    details: {
      times: 1204,
      first: new Date(Date.now() - 290_000).toISOString(),
      last: new Date(Date.now() - 12_000).toISOString(),
      addresses: [
        { address: "203.0.113.9", times: 840 },
        { address: "2001:db8:7:1::/64", times: 41 },
      ],
      otherAddresses: 323,
      operations: [{ operation: "listWorkflows", times: 1204 }],
    },
  },
  { action: "execution.started", actorKind: "key", actor: "nightly import" },
  { action: "tag.created", after: { name: "daily", color: "blue" } },
];

function entries(state) {
  if (state.scenario === "failing") throw problem(503, "The database is not there", "database_unavailable");
  if (state.scenario === "empty") return [];
  state.audit ??= Array.from({ length: 75 }, (_, index) => ({
    seq: 75 - index,
    id: randomUUID(),
    at: new Date(Date.now() - index * index * 400_000).toISOString(),
    actorKind: "person",
    actor: state.user.email,
    userId: state.user.id,
    keyId: null,
    subject: randomUUID(),
    address: "203.0.113.9",
    agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0",
    requestId: randomUUID(),
    details: {},
    before: null,
    after: null,
    hash: hash(75 - index),
    ...KINDS[index % KINDS.length],
  }));
  return state.audit;
}

function wanted(state, { query }) {
  const {
    search = "",
    action = "",
    since = new Date(Date.now() - 365 * DAY).toISOString(),
  } = Object.fromEntries(query);
  const text = search.toLowerCase();
  return entries(state).filter(
    (one) =>
      one.action.startsWith(action) &&
      one.at >= since &&
      [one.action, one.actor, one.subject, one.address].join(" ").toLowerCase().includes(text),
  );
}

export const audit = {
  "GET /api/audit": ({ state }, asked) => {
    const before = Number(asked.query.get("cursor") || Infinity);
    const found = wanted(state, asked).filter((one) => one.seq < before);
    return [200, { items: found.slice(0, 50), nextCursor: found.length > 50 ? String(found[49].seq) : null }];
  },
  "GET /api/audit/verify": ({ state }) => {
    const found = entries(state);
    return [200, { ok: true, entries: found.length, head: found[0]?.hash ?? "", faults: [] }];
  },
  "GET /api/audit/export": ({ state }, asked) => [
    200,
    {
      text: wanted(state, asked)
        .map((one) => `${JSON.stringify(one)}\n`)
        .join(""),
      nextBefore: null,
    },
  ],
};

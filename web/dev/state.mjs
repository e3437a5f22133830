// What the fake API starts with: a tenant, a few workflows, executions and credentials.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

export const catalogue = JSON.parse(
  readFileSync(new URL("../../docs/reference/catalog.json", import.meta.url), "utf8"),
);

export function problem(status, title, code, more = {}) {
  return Object.assign(new Error(title), { problem: { type: "about:blank", title, status, code, ...more } });
}

export function find(list, id) {
  const found = list.find((entry) => entry.id === id);
  if (!found) throw problem(404, "There is no such thing", "not_found");
  return found;
}

export const page = (items) => ({ items, nextCursor: null });

const node = (id, type, name, x, y, params = {}, settings = {}) => ({
  id,
  type,
  version: 1,
  name,
  params,
  position: { x, y },
  settings,
});
const edge = (source, sourcePort, target) => ({
  id: `e-${source}-${sourcePort}-${target}`,
  source,
  sourcePort,
  target,
  targetPort: "main",
});

/** The seeded workflow itself. */
function orderTriage() {
  const seed = new URL("../../local/seed/order_triage.json", import.meta.url);
  return JSON.parse(readFileSync(seed, "utf8"));
}

const past = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();

function small(name, trigger) {
  return {
    schema: 1,
    name,
    nodes: [
      node("start", trigger, "Start", 0, 0, trigger === "schedule_trigger" ? { expression: "0 9 * * 1-5" } : {}),
      node("set", "set_fields", "Prepare", 320, 0),
    ],
    edges: [edge("start", "main", "set")],
  };
}

function credentials() {
  const database = {
    host: "127.0.0.1",
    port: 5433,
    database: "orders",
    user: "app",
    password: "x",
    sslMode: "require",
  };
  const shop = { clientId: "stepweave", clientSecret: "x", testUrl: "https://shop.example/me" };
  const urls = { authorizeUrl: "https://shop.example/authorize", tokenUrl: "https://shop.example/token" };
  return [
    { id: "cred-db", name: "Orders database", type: "postgres", hint: "127.0.0.1:5433/orders", data: database },
    { id: "cred-mail", name: "Mail catcher", type: "smtp", hint: "127.0.0.1:8402", data: { host: "127.0.0.1" } },
    {
      id: "cred-shop",
      name: "Shop",
      type: "oauth2",
      hint: "stepweave",
      data: { ...shop, ...urls },
      connection: "lost",
      anyHost: true,
    },
  ].map((entry) => ({ connection: "unneeded", createdAt: past(9000), updatedAt: past(900), ...entry }));
}

export function newState() {
  const workflows = [
    {
      id: "11111111-1111-4111-8111-111111111111",
      document: orderTriage(),
      revision: 4,
      publishedVersion: 3,
      enabled: true,
      updatedAt: past(12),
    },
    {
      id: randomUUID(),
      document: small("Nightly stock report", "schedule_trigger"),
      revision: 9,
      publishedVersion: 7,
      enabled: true,
      updatedAt: past(60 * 26),
    },
    {
      id: randomUUID(),
      document: small("Welcome new customers", "webhook_trigger"),
      revision: 2,
      publishedVersion: null,
      enabled: false,
      updatedAt: past(60 * 50),
    },
    {
      id: randomUUID(),
      document: small("Import price list <b>2026</b>", "manual_trigger"),
      revision: 1,
      publishedVersion: null,
      enabled: false,
      updatedAt: past(60 * 24 * 40),
    },
  ];
  const error = {
    type: "ConnectionFailed",
    message: "connect to 127.0.0.1:8403 refused",
    remedy: "Check that the server runs and that the URL is right.",
    retryable: true,
  };
  const past_ = [
    [workflows[1], "succeeded", "schedule", 95, 4210, null],
    [workflows[0], "failed", "webhook", 130, 812, error],
    [workflows[2], "cancelled", "manual", 190, 30_500, null],
    [workflows[0], "succeeded", "webhook", 60 * 5, 1240, null],
    [
      workflows[0],
      "timed_out",
      "webhook",
      60 * 30,
      300_000,
      { type: "NodeTimeout", message: "The node ran longer than 60 s." },
    ],
  ];
  const executions = past_.map(([workflow, status, trigger, minutes, durationMs, failure]) => ({
    id: randomUUID(),
    workflowId: workflow.id,
    workflowName: workflow.document.name,
    workflowVersion: workflow.publishedVersion,
    versionName: "",
    mode: "live",
    trigger,
    status,
    startedAt: past(minutes),
    endedAt: past(minutes),
    durationMs,
    error: failure,
    lastSeq: 0,
    events: [],
    logs: [],
    items: {},
    nodeRuns: {},
    document: workflow.document,
  }));
  return {
    scenario: "full",
    signedOut: true,
    user: { id: randomUUID(), email: "demo@stepweave.dev", name: "Demo" },
    tenant: { id: "22222222-2222-4222-8222-222222222222", name: "Demo workspace", slug: "demo" },
    workflows,
    executions,
    credentials: credentials(),
    folders: [],
    tables: [],
    stores: {},
    /** Triggers that are switched off: `workflow id/node id`. */
    triggersOff: new Set(),
    tags: [],
    schedules: [],
    polls: [],
    listens: [],
  };
}

// Figures over time: a week that had a bad day, with its rankings and faults.
import { randomUUID } from "node:crypto";
import { problem } from "../state.mjs";

const DAY = 86_400_000;
const ids = Array.from({ length: 4 }, () => randomUUID());
const WORKFLOWS = ["Order intake", "Nightly report", "Invoice to ledger", "Support triage"];

function figures(runs, failed, ms) {
  const some = runs > 0;
  return {
    runs,
    succeeded: runs - failed,
    failed,
    cancelled: 0,
    timedOut: 0,
    failureRate: some ? failed / runs : null,
    meanMs: some ? ms * 1.2 : null,
    p50Ms: some ? ms : null,
    p95Ms: some ? ms * 3.1 : null,
    p99Ms: some ? ms * 6.4 : null,
    waitMs: runs * 20,
    items: runs * 3,
    retries: failed * 2,
    requests: runs * 4,
    tokens: runs * 900,
    money: (runs * 0.0042).toFixed(4),
    savedMinutes: some ? runs * 4.5 : null,
  };
}

function checked({ state }) {
  if (state.scenario === "failing") throw problem(503, "The database is not there", "database_unavailable");
  return state.scenario === "empty";
}

function overview(empty) {
  const until = Math.ceil(Date.now() / DAY) * DAY;
  const day = (number) => new Date(until - (7 - number) * DAY).toISOString();
  const runs = empty ? [0, 0, 0, 0, 0, 0, 0] : [812, 944, 1020, 733, 128, 96, 640];
  const points = runs.map((count, place) => ({
    since: day(place),
    until: day(place + 1),
    figures: figures(count, count && (place === 3 ? 211 : 9), 820 + place * 40),
  }));
  const total = runs.reduce((sum, count) => sum + count, 0);
  return {
    range: {
      since: day(0),
      until: day(7),
      bin: "day",
      zone: "UTC",
      previousSince: day(-7),
      previousUntil: day(-1),
    },
    current: figures(total, empty ? 0 : 265, 910),
    previous: figures(empty ? 0 : 3904, empty ? 0 : 61, 870),
    points,
    countedUpTo: new Date(Date.now() - 40_000).toISOString(),
    rebuilding: 0,
  };
}

const ranked = (nodes) =>
  WORKFLOWS.map((name, place) => ({
    workflowId: ids[place],
    workflowName: name,
    nodeId: nodes ? `n${place}` : null,
    nodeName: nodes ? ["Ask the model", "Load rows", "Post to ledger", "Classify"][place] : null,
    minutesPerRun: !nodes && place === 0 ? 4.5 : null,
    figures: figures(1400 - place * 320, place === 2 ? 190 : 12, 4200 / (place + 1)),
  }));

const group = (place, type, message, count, state) => ({
  id: ids[place],
  workflowId: ids[place],
  workflowName: WORKFLOWS[place],
  nodeId: `n${place}`,
  nodeName: "Post to ledger",
  type,
  message,
  sample: message.replaceAll("<n>", "1042"),
  firstSeen: new Date(Date.now() - 6 * DAY).toISOString(),
  lastSeen: new Date(Date.now() - DAY / 8).toISOString(),
  firstExecutionId: ids[0],
  lastExecutionId: ids[1],
  state,
  resolvedAt: state === "open" ? null : new Date(Date.now() - 2 * DAY).toISOString(),
  resolvedBy: state === "open" ? null : "Ada",
  count,
});
const groups = () => [
  group(2, "HttpError", "POST https://ledger.example.com/<path> answered <n>: the period is closed", 190, "open"),
  group(0, "OrderError", "order <n> has no address", 41, "returned"),
];

export const analytics = {
  "GET /api/analytics": (call) => [200, overview(checked(call))],
  "GET /api/analytics/workflows": (call) => [200, { items: checked(call) ? [] : ranked(false) }],
  "GET /api/analytics/nodes": (call) => [200, { items: checked(call) ? [] : ranked(true) }],
  "GET /api/analytics/errors": (call) => [200, { items: checked(call) ? [] : groups() }],
  "GET /api/analytics/errors/{group_id}": () => [
    200,
    { group: groups()[0], examples: [{ executionId: ids[0], at: new Date().toISOString() }] },
  ],
  "PUT /api/analytics/errors/{group_id}": (_, { body }) => [
    200,
    { group: { ...groups()[0], state: body.resolved ? "resolved" : "open" }, examples: [] },
  ],
  "POST /api/analytics/rebuild": () => [202, { days: 7 }],
  "PUT /api/workflows/{workflow_id}/time-saved": () => [204],
};

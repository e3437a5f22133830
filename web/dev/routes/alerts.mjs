// Alerts: rules are kept, one alert is open until somebody resolves it, a test always arrives.
import { problem } from "../state.mjs";

const NOW = "2026-11-30T10:00:00Z";
const rulesOf = (state) => (state.alertRules ??= []);
const pageOf = (state) => (state.statusPage ??= { title: "Status", items: [], shared: false });
const alertsOf = (state) =>
  (state.alerts ??= [
    {
      id: "7c1f6b0e-0000-4000-8000-000000000001",
      ruleId: null,
      ruleName: "Failures",
      kind: "failure",
      summary: "“Orders” failed 3 times",
      state: "open",
      workflowId: null,
      workflowName: null,
      credentialId: null,
      facts: { type: "NotThere", message: "Row 7 is not there" },
      seen: 3,
      times: 1,
      openedAt: NOW,
      lastAt: NOW,
      acknowledgedAt: null,
      acknowledgedBy: null,
      resolvedAt: null,
      resolvedBy: null,
      resolution: null,
    },
  ]);
const found = (all, id) => {
  const one = all.find((row) => row.id === id);
  if (!one) throw problem(404, "There is no such thing", "not_found");
  return one;
};
const shown = (body, id) => ({
  projectId: null,
  workflowId: null,
  byFault: false,
  enabled: true,
  throttleMinutes: 30,
  remindMinutes: 0,
  ...body,
  id,
  place: "",
  open: 0,
  createdAt: NOW,
  targets: body.targets.map((target, index) => ({
    id: target.id ?? `t${index}`,
    kind: target.kind,
    label: target.kind,
    userIds: target.userIds ?? [],
    workflowId: target.workflowId ?? null,
    failingSince: null,
    error: null,
    waiting: 0,
  })),
});

export const alerts = {
  "GET /api/alerts": ({ state }, { query }) => {
    const wanted = query?.get?.("state") ?? query?.state ?? "open";
    const items = alertsOf(state).filter((one) => (wanted === "resolved") === (one.state === "resolved"));
    return [200, { items, nextCursor: null, open: alertsOf(state).filter((one) => one.state === "open").length }];
  },
  "POST /api/alerts/{alert_id}/acknowledge": ({ state }, _, id) => [
    200,
    Object.assign(found(alertsOf(state), id), { state: "acknowledged", acknowledgedAt: NOW, acknowledgedBy: "Ada" }),
  ],
  "POST /api/alerts/{alert_id}/resolve": ({ state }, _, id) => [
    200,
    Object.assign(found(alertsOf(state), id), { state: "resolved", resolvedAt: NOW, resolution: "person" }),
  ],
  "GET /api/alert-rules": ({ state }) => [200, { items: rulesOf(state), most: 100 }],
  "POST /api/alert-rules": ({ state }, { body }) => {
    const made = shown(body, crypto.randomUUID());
    rulesOf(state).push(made);
    return [201, made];
  },
  "PUT /api/alert-rules/{rule_id}": ({ state }, { body }, id) => [
    200,
    Object.assign(found(rulesOf(state), id), shown(body, id)),
  ],
  "DELETE /api/alert-rules/{rule_id}": ({ state }, _, id) => {
    state.alertRules = rulesOf(state).filter((one) => one.id !== id);
    return [204];
  },
  "POST /api/alert-rules/{rule_id}/test": ({ state }, _, id) => {
    const made = found(rulesOf(state), id).targets.map((target) => ({
      id: crypto.randomUUID(),
      target: target.label,
      kind: target.kind,
      subject: "Test",
      test: true,
      state: "sent",
      tries: 1,
      error: null,
      createdAt: NOW,
      nextAt: null,
      endedAt: NOW,
    }));
    state.alertsSaid = { ...state.alertsSaid, [id]: made };
    return [200, { items: made }];
  },
  "GET /api/alert-rules/{rule_id}/deliveries": ({ state }, _, id) => [200, { items: state.alertsSaid?.[id] ?? [] }],
  "GET /api/status": ({ state }) => {
    const items = state.workflows.map(({ id, name }) => ({
      workflowId: id,
      name,
      state: "well",
      openAlerts: 0,
      lastSuccessAt: NOW,
      lastFailureAt: null,
    }));
    return [200, { items, trouble: 0 }];
  },
  "GET /api/status-page": ({ state }) => [200, pageOf(state)],
  "PUT /api/status-page": ({ state }, { body }) => [200, Object.assign(pageOf(state), body)],
  "POST /api/status-page/link": ({ state }) => {
    pageOf(state).shared = true;
    return [200, { url: "http://localhost/status/fake" }];
  },
  "DELETE /api/status-page/link": ({ state }) => {
    pageOf(state).shared = false;
    return [204];
  },
  "GET /api/shared-status/{token}": ({ state }) => [
    200,
    {
      title: pageOf(state).title,
      at: NOW,
      items: pageOf(state).items.map(({ label }) => ({ label, state: "well", lastSuccessAt: NOW })),
    },
  ],
};

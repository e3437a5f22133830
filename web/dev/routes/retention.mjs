// How long executions are kept: of the workspace, and of workflows that say so themselves.
import { find, problem } from "../state.mjs";

const WORKSPACE = { succeededDays: 30, failedDays: 90 };
const said = (state) =>
  state.retention ?? (state.scenario === "empty" ? { succeededDays: null, failedDays: null } : WORKSPACE);
const most = (state) => (state.scenario === "empty" ? null : 365);
const answer = (state, own, days) => ({ own, ...days, workspace: said(state), mostDays: most(state) });
const check = (state, days) => {
  const errors = ["succeededDays", "failedDays"]
    .filter((field) => most(state) !== null && days[field] > most(state))
    .map((field) => ({ field, message: "The plan of this workspace keeps executions for 365 days at most." }));
  if (errors.length > 0) throw problem(402, errors[0].message, "retention_beyond_plan", { errors });
};
const preview = (query) => {
  const days = ["succeededDays", "failedDays"].map((name) => query.get(name)).filter((text) => text !== null);
  const least = Math.min(...days.map(Number));
  return { executions: least < 30 ? (30 - least) * 41 : 0, more: false };
};

export const retention = {
  "GET /api/tenant/retention": ({ state }) => {
    if (state.scenario === "failing") throw problem(503, "The database is not there", "database_unavailable");
    return [200, answer(state, true, said(state))];
  },
  "PUT /api/tenant/retention": ({ state }, { body }) => {
    check(state, body);
    state.retention = body;
    return [200, answer(state, true, body)];
  },
  "GET /api/tenant/retention/preview": (_, { query }) => [200, preview(query)],
  "GET /api/workflows/{workflow_id}/retention": ({ state }, _, id) => {
    const own = find(state.workflows, id).retention;
    return [200, answer(state, own !== undefined, own ?? said(state))];
  },
  "PUT /api/workflows/{workflow_id}/retention": ({ state }, { body: { own, ...days } }, id) => {
    if (own) check(state, days);
    find(state.workflows, id).retention = own ? days : undefined;
    return [200, answer(state, own, own ? days : said(state))];
  },
  "GET /api/workflows/{workflow_id}/retention/preview": (_, { query }) => [200, preview(query)],
  "PUT /api/executions/{execution_id}/kept": ({ state }, { body }, id) => {
    const execution = find(state.executions, id);
    execution.keptAt = body.kept ? new Date().toISOString() : null;
    return [200, { keptAt: execution.keptAt }];
  },
};

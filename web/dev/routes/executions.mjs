// Executions: what simulate.mjs plays, and answers about it.
import { summary } from "../live.mjs";
import { simulate } from "../simulate.mjs";
import { find, page, problem } from "../state.mjs";

const outsideLoops = (run) => ({ iteration: "", runs: null, waiting: null, ...run });

export const executions = {
  "GET /api/executions": ({ state }, { query }) => {
    if (state.scenario === "failing") throw problem(503, "The database is not there", "database_unavailable");
    const statuses = query.getAll("status");
    const wanted = (execution) =>
      (statuses.length === 0 || statuses.includes(execution.status)) &&
      ["workflowId", "trigger"].every((key) => !query.get(key) || execution[key] === query.get(key));
    return [200, page(state.scenario === "empty" ? [] : state.executions.filter(wanted).map(summary))];
  },
  "POST /api/executions/bulk": (world, { body }) => {
    const done = body.ids.map((id) => {
      const execution = find(world.state.executions, id);
      if (body.action === "cancel") {
        execution.cancelled = true;
        return { id, ok: true };
      }
      const workflow = find(world.state.workflows, execution.workflowId);
      return { id, ok: true, executionId: simulate(world.state, workflow, { mode: execution.mode }, world.live).id };
    });
    return [200, { items: done.map((entry) => ({ code: null, message: null, executionId: null, ...entry })) }];
  },
  "GET /api/executions/{execution_id}": ({ state }, _, id) => {
    const execution = find(state.executions, id);
    const { document, nodeRuns } = execution;
    return [
      200,
      {
        ...summary(execution),
        document,
        debug: Boolean(execution.debug),
        nodeRuns: Object.values(nodeRuns).map(outsideLoops),
      },
    ];
  },
  "GET /api/executions/{execution_id}/events": ({ state }, { query }, id) => {
    const after = Number(query.get("after") ?? 0);
    return [200, { items: find(state.executions, id).events.filter((event) => event.seq > after) }];
  },
  "GET /api/executions/{execution_id}/logs": ({ state }, { query }, id) => {
    const after = Number(query.get("after") ?? 0);
    return [200, page(find(state.executions, id).logs.filter((line) => line.seq > after))];
  },
  "GET /api/executions/{execution_id}/items": ({ state }, { query }, id) => {
    const { items } = find(state.executions, id);
    const ports = items[query.get("nodeId")]?.[query.get("direction")] ?? {};
    const all = ports[query.get("port") || "main"] ?? [];
    const offset = Number(query.get("offset") ?? 0);
    const rows = all.slice(offset, offset + Number(query.get("limit") ?? 50));
    return [200, { items: rows, total: all.length }];
  },
  "POST /api/executions/{execution_id}/cancel": ({ state }, _, id) => {
    find(state.executions, id).cancelled = true;
    return [202, {}];
  },
  "GET /api/approvals": () => [200, page([])],
  "GET /api/approvals/{approval_id}": () => {
    throw problem(404, "There is no such approval", "not_found");
  },
  "POST /api/approvals/{approval_id}/decision": () => {
    throw problem(404, "There is no such approval", "not_found");
  },
  "POST /api/approvals/{approval_id}/hand-over": () => {
    throw problem(404, "There is no such approval", "not_found");
  },
};

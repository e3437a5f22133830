// Debug runs: what waits at stops of simulate.mjs, and how it goes on.
import { evaluate } from "../simulate.mjs";
import { find, problem } from "../state.mjs";

const stopsOf = (execution) => {
  if (!execution.debug) throw problem(409, "This execution is no debug run.", "not_a_debug_run");
  const { breakpoints, onError = false, stopSeconds = 1800 } = execution.debug;
  return { breakpoints, onError, stopSeconds, stops: [...execution.stops.values()].map(({ stop }) => stop) };
};

const at = (execution, stopId) => {
  const found = execution.stops.get(stopId);
  if (!found) throw problem(409, "Nothing waits here any more.", "stop_gone");
  return found;
};

export const debugging = {
  "GET /api/executions/{execution_id}/stops": ({ state }, _, id) => [200, stopsOf(find(state.executions, id))],
  "PUT /api/executions/{execution_id}/stops": ({ state }, { body }, id) => {
    const execution = find(state.executions, id);
    stopsOf(execution);
    Object.assign(execution.debug, body);
    return [200, stopsOf(execution)];
  },
  "GET /api/executions/{execution_id}/stops/{stop_id}": ({ state }, _, id, stopId) => {
    const { stop, input } = at(find(state.executions, id), stopId);
    return [200, { ...stop, inputs: { main: input } }];
  },
  "POST /api/executions/{execution_id}/stops/{stop_id}/go-on": ({ state }, { body }, id, stopId) => {
    const execution = find(state.executions, id);
    const { resolve } = at(execution, stopId);
    execution.stops.delete(stopId);
    resolve(body);
    return [200, stopsOf(execution)];
  },
  "POST /api/executions/{execution_id}/stops/{stop_id}/evaluate": ({ state }, { body }, id, stopId) => {
    const { input } = at(find(state.executions, id), stopId);
    const items = body.items?.main ?? input;
    try {
      return [
        200,
        { value: evaluate(body.text, items[body.index]?.json ?? {}) ?? null, error: null, count: items.length },
      ];
    } catch (error) {
      return [200, { value: null, error: { message: String(error.message), position: null }, count: items.length }];
    }
  },
};

// What workflows read as `$vars`.
import { randomUUID } from "node:crypto";
import { problem } from "../state.mjs";

const of = (state) => (state.variables ??= []);

function found(state, id) {
  const one = of(state).find((variable) => variable.id === id);
  if (!one) throw problem(404, "There is no such variable", "not_found");
  return one;
}

export const variables = {
  "GET /api/variables": ({ state }) => [200, { items: [...of(state)].sort((a, b) => a.name.localeCompare(b.name)) }],
  "POST /api/variables": ({ state }, { body }) => {
    if (of(state).some((one) => one.name.toLowerCase() === body.name.toLowerCase()))
      throw problem(409, `There is a variable '${body.name}' already`, "name_taken");
    const made = { id: randomUUID(), ...body, workflows: [], updatedAt: new Date().toISOString() };
    of(state).push(made);
    return [201, made];
  },
  "PUT /api/variables/{variable_id}": ({ state }, { body }, id) => [200, Object.assign(found(state, id), body)],
  "DELETE /api/variables/{variable_id}": ({ state }, _, id) => {
    state.variables = of(state).filter((one) => one !== found(state, id));
    return [204];
  },
};

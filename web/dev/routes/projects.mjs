// Projects, who is in them, and workflows that are shared.
import { randomUUID } from "node:crypto";
import { problem } from "../state.mjs";

const MAY = [
  "workflows.read",
  "workflows.write",
  "workflows.publish",
  "executions.read",
  "executions.run",
  "approvals.decide",
  "credentials.read",
  "credentials.use",
  "credentials.write",
  "store.read",
  "store.write",
  "projects.manage",
];
/** The project of all members; the fake's workflows and credentials are in it unless they say otherwise. */
export const EVERYONE = "00000000-0000-4000-8000-000000000001";

function of(state) {
  state.projects ??= [
    { id: EVERYONE, name: "Everyone", isDefault: true, createdAt: new Date().toISOString(), inside: [] },
  ];
  return state.projects;
}
const find = (state, id) => {
  const found = of(state).find((one) => one.id === id);
  if (!found) throw problem(404, "Gone", "not_found", { detail: "There is no such project." });
  return found;
};
const within = (list, id) => (list ?? []).filter(({ projectId = EVERYONE }) => projectId === id).length;
const shown = (state, { inside, ...rest }) => ({
  ...rest,
  workflows: within(state.workflows, rest.id),
  credentials: within(state.credentials, rest.id),
  members: inside.length,
  permissions: MAY,
});
const person = (state, id) => state.people?.members.find((one) => one.id === id) ?? state.user;
const sharesOf = (state, id) => {
  state.shares ??= {};
  state.shares[id] ??= [];
  return state.shares[id];
};

export const projects = {
  "GET /api/projects": ({ state }) => [200, { items: of(state).map((one) => shown(state, one)) }],
  "POST /api/projects": ({ state }, { body }) => {
    if (of(state).some(({ name }) => name.toLowerCase() === body.name.toLowerCase())) {
      const message = `There is a project '${body.name}' already.`;
      throw problem(409, "Taken", "name_taken", { detail: message, errors: [{ field: "name", message }] });
    }
    const made = {
      id: randomUUID(),
      name: body.name,
      isDefault: false,
      createdAt: new Date().toISOString(),
      inside: [],
    };
    of(state).push(made);
    return [201, shown(state, made)];
  },
  "PATCH /api/projects/{project_id}": ({ state }, { body }, id) => {
    find(state, id).name = body.name;
    return [204];
  },
  "DELETE /api/projects/{project_id}": ({ state }, _, id) => {
    if (shown(state, find(state, id)).workflows) {
      const detail = "There are workflows in it: move or delete them first.";
      throw problem(409, "Not empty", "project_not_empty", { detail });
    }
    state.projects = of(state).filter((one) => one.id !== id);
    return [204];
  },
  "GET /api/projects/{project_id}/members": ({ state }, _, id) => [200, { items: find(state, id).inside }],
  "PUT /api/projects/{project_id}/members/{user_id}": ({ state }, { body }, id, other) => {
    const project = find(state, id);
    const { name, email } = person(state, other);
    project.inside = project.inside.filter(({ userId }) => userId !== other);
    project.inside.push({ userId: other, name, email, kind: "person", roleName: null, roleId: null, ...body });
    return [204];
  },
  "DELETE /api/projects/{project_id}/members/{user_id}": ({ state }, _, id, other) => {
    const project = find(state, id);
    project.inside = project.inside.filter(({ userId }) => userId !== other);
    return [204];
  },
  "PUT /api/workflows/{workflow_id}/project": ({ state }, { body }, id) => {
    Object.assign(state.workflows.find((one) => one.id === id) ?? {}, body);
    return [204];
  },
  "PUT /api/credentials/{credential_id}/project": ({ state }, { body }, id) => {
    Object.assign(state.credentials.find((one) => one.id === id) ?? {}, body);
    return [204];
  },
  "GET /api/workflows/{workflow_id}/shares": ({ state }, _, id) => [200, { items: sharesOf(state, id) }],
  "PUT /api/workflows/{workflow_id}/shares": ({ state }, { body }, id) => {
    const list = sharesOf(state, id);
    const { name, email } = body.userId ? person(state, body.userId) : { ...find(state, body.projectId), email: null };
    list.push({ id: randomUUID(), name, email, roleId: null, roleName: null, ...body });
    return [200, { items: list }];
  },
  "DELETE /api/workflows/{workflow_id}/shares/{share_id}": ({ state }, _, id, other) => {
    state.shares[id] = sharesOf(state, id).filter((one) => one.id !== other);
    return [204];
  },
};

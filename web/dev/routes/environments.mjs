// Environments: what is made here is kept, workflows are live in production only.
import { problem } from "../state.mjs";

const PRODUCTION = { key: "production", name: "Production", fallsBack: false, workflows: 1 };
const of = (state) => (state.environments ??= [{ ...PRODUCTION }]);
const found = (state, key) => {
  const one = of(state).find((place) => place.key === key);
  if (!one) throw problem(404, "There is no such environment", "not_found");
  return one;
};

export const environments = {
  "GET /api/environments": ({ state }) => [200, { items: of(state) }],
  "POST /api/environments": ({ state }, { body }) => {
    if (of(state).some(({ key }) => key === body.key)) throw problem(409, "The key is taken", "name_taken");
    const made = { ...body, needsApproval: body.needsApproval ?? false, workflows: 0 };
    of(state).splice(of(state).length - 1, 0, made);
    return [201, made];
  },
  "PUT /api/environments": ({ state }, { body }) => {
    state.environments = body.keys.map((key) => found(state, key));
    return [200, { items: of(state) }];
  },
  "PUT /api/environments/{environment}": ({ state }, { body }, key) => [200, Object.assign(found(state, key), body)],
  "DELETE /api/environments/{environment}": ({ state }, _, key) => {
    const gone = found(state, key);
    state.environments = of(state).filter((one) => one !== gone);
    return [204];
  },
  "GET /api/workflows/{workflow_id}/environments": ({ state }, _, id) => {
    const workflow = state.workflows.find((one) => one.id === id);
    const items = of(state).map(({ key, name }) => {
      const version =
        key === "production" ? (workflow?.publishedVersion ?? null) : (state.live?.[`${id} ${key}`] ?? null);
      return { key, name, version, enabled: true, publishedAt: null, urls: [], timed: 0 };
    });
    return [200, { items }];
  },
  "GET /api/workflows/{workflow_id}/versions/{number}/readiness": () => [200, { ready: true, needs: [] }],
  "PUT /api/workflows/{workflow_id}/environments/{environment}": () => [204],
  "DELETE /api/workflows/{workflow_id}/environments/{environment}": ({ state }, _, id, key) => {
    delete state.live?.[`${id} ${key}`];
    return [204];
  },
  "GET /api/credentials/mappings": ({ state }) => [200, { items: state.mappings ?? [] }],
  "PUT /api/credentials/{credential_id}/mappings/{environment}": ({ state }, { body }, credentialId, environment) => {
    const others = (state.mappings ?? []).filter(
      (one) => one.credentialId !== credentialId || one.environment !== environment,
    );
    const mappedId = body.credentialId;
    state.mappings = mappedId ? [...others, { credentialId, environment, mappedId }] : others;
    return [204];
  },
};

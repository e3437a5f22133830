// Credentials, connected at a provider that the fake plays too (`PAGES` of fake.mjs).
import { randomUUID } from "node:crypto";
import { catalogue, find, page, problem } from "../state.mjs";
import { EVERYONE } from "./projects.mjs";

const typeOf = ({ type }) => catalogue.credentials.find((entry) => entry.type === type);
const secretsOf = (credential) =>
  Object.entries(typeOf(credential)?.dataSchema.properties ?? {})
    .filter(([, field]) => field["x-ui"]?.kind === "secret")
    .map(([name]) => name);
const isByPerson = (credential) => typeOf(credential)?.oauth2?.grant === "authorization_code";

/** What is shown of a credential: never its data. */
const shown = ({ data, shares = [], ...rest }) => ({
  anyHost: false,
  projectId: EVERYONE,
  mine: true,
  sharedWith: shares.map(({ projectId }) => projectId),
  expiresAt: null,
  endsAt: null,
  rotatedAt: rest.createdAt,
  ...rest,
});
const STORES = ["aws_secrets", "hashicorp_vault", "https_secrets"];
/** The workflows whose drafts name a credential. */
const usesOf = (state, id) =>
  state.workflows
    .map((workflow) => ({ workflow, nodes: nodesNaming(workflow, id) }))
    .filter(({ nodes }) => nodes.length > 0);
const nodesNaming = ({ document }, id) =>
  (document?.nodes ?? []).filter(({ params }) => JSON.stringify(params ?? {}).includes(`"${id}"`));

export const credentials = {
  "GET /api/credentials": ({ state }) => {
    if (state.scenario === "failing") throw problem(503, "The database is not there", "database_unavailable");
    return [200, page(state.scenario === "empty" ? [] : state.credentials.map(shown))];
  },
  "POST /api/credentials": ({ state }, { body }) => {
    const now = new Date().toISOString();
    const credential = { id: randomUUID(), ...body, hint: "…", createdAt: now, updatedAt: now };
    credential.connection = isByPerson(credential) ? "missing" : "unneeded";
    state.credentials.push(credential);
    state.scenario = "full";
    return [201, shown(credential)];
  },
  "GET /api/credentials/{credential_id}": ({ state }, _, id) => {
    const credential = find(state.credentials, id);
    const secrets = secretsOf(credential);
    const open = Object.entries(credential.data ?? {}).filter(([name]) => !secrets.includes(name));
    const kept = secrets.filter((name) => credential.data?.[name]);
    return [200, { ...shown(credential), data: Object.fromEntries(open), secrets: kept, readable: true }];
  },
  "PUT /api/credentials/{credential_id}": ({ state }, { body }, id) => {
    const credential = find(state.credentials, id);
    credential.name = body.name;
    credential.data = { ...credential.data, ...body.data };
    if (body.expiresAt !== undefined) credential.expiresAt = body.expiresAt;
    credential.updatedAt = new Date().toISOString();
    return [200, shown(credential)];
  },
  "GET /api/credentials/{credential_id}/uses": ({ state }, _, id) => {
    find(state.credentials, id);
    const workflows = usesOf(state, id).map(({ workflow, nodes }) => ({
      workflowId: workflow.id,
      workflowName: workflow.document.name,
      enabled: workflow.enabled ?? true,
      draft: true,
      live: workflow.publishedVersion != null,
      versions: workflow.publishedVersion == null ? [] : [workflow.publishedVersion],
      nodes: nodes.map((node) => ({ id: node.id, name: node.name, type: node.type, tool: false })),
    }));
    return [200, { workflows, total: workflows.length, apis: [], hidden: 0, credentials: [] }];
  },
  "DELETE /api/credentials/{credential_id}": ({ state }, _, id) => {
    state.credentials = state.credentials.filter((credential) => credential.id !== id);
    return [204];
  },
  "POST /api/credentials/{credential_id}/connect": ({ state }, _, id) => {
    const credential = find(state.credentials, id);
    if (!isByPerson(credential)) throw problem(422, "Nothing to connect", "not_connectable");
    const origin = "http://127.0.0.1:5173";
    return [
      200,
      {
        authorizeUrl: `/api/oauth2/provider?id=${encodeURIComponent(id)}`,
        redirectUrl: `${origin}/api/oauth2/callback`,
        expiresIn: 600,
      },
    ];
  },
  "GET /api/credentials/{credential_id}/shares": ({ state }, _, id) => [
    200,
    page(
      (find(state.credentials, id).shares ?? []).map((share) => ({
        projectName: state.projects?.find((one) => one.id === share.projectId)?.name ?? null,
        workflows: usesOf(state, id).length,
        live: 0,
        createdAt: new Date().toISOString(),
        ...share,
      })),
    ),
  ],
  "PUT /api/credentials/{credential_id}/shares/{with_project_id}": ({ state }, _, id, projectId) => {
    const credential = find(state.credentials, id);
    credential.shares = [...(credential.shares ?? []).filter((one) => one.projectId !== projectId), { projectId }];
    return [204];
  },
  "DELETE /api/credentials/{credential_id}/shares/{with_project_id}": ({ state }, _, id, projectId) => {
    const credential = find(state.credentials, id);
    credential.shares = (credential.shares ?? []).filter((one) => one.projectId !== projectId);
    return [204];
  },
  "POST /api/credentials/{credential_id}/test": ({ state }, { body }, id) => {
    const credential = find(state.credentials, id);
    if (STORES.includes(credential.type)) {
      const path = body?.path ?? "";
      if (path.includes("gone")) return [200, { works: false, message: `There is no secret “${path}”.`, status: null }];
      return [
        200,
        { works: true, message: path ? `The secret “${path}” is there.` : "It takes the token.", status: null },
      ];
    }
    if (credential.connection === "missing" || credential.connection === "lost") {
      return [200, { works: false, message: `“${credential.name}” is not connected. Connect it.`, status: null }];
    }
    if (!credential.data?.testUrl) {
      throw problem(422, "No test", "not_testable", { detail: "There is no test address: fill one in." });
    }
    return [200, { works: true, message: "It works (status 200).", status: 200 }];
  },
};

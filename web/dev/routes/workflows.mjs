// Workflows: drafts, versions, runs; and the node types that they are made of.
import { randomUUID } from "node:crypto";
import { withFuture } from "../future.mjs";
import { evaluate, simulate } from "../simulate.mjs";
import { catalogue, find, page, problem } from "../state.mjs";
import { validate } from "../validate.mjs";

import { EVERYONE } from "./projects.mjs";

const WEB = "http://127.0.0.1:5173";

function answerOf(state, workflow) {
  const { versions, folderId, tagIds, ...rest } = workflow;
  const hooks = workflow.document.nodes
    .filter((node) => node.type === "webhook_trigger" && node.params.path)
    .map((node) => ({
      nodeId: node.id,
      method: node.params.method ?? "POST",
      path: node.params.path,
      url: `${WEB}/hooks/demo/${node.params.path}`,
    }));
  const lastExecution = state.executions.find((execution) => execution.workflowId === workflow.id);
  const { registrations = [] } = workflow;
  const own = {
    name: workflow.document.name,
    contentOrigin: WEB,
    webhooks: hooks,
    registrations,
    diagnostics: [],
    lastExecution,
  };
  return { createdAt: workflow.updatedAt, projectId: EVERYONE, ...rest, ...own };
}

function summaryOf(state, workflow) {
  const { document, ...rest } = answerOf(state, workflow);
  const triggers = document.nodes.map((node) => node.type).filter((type) => type.endsWith("_trigger"));
  const { folderId = null, tagIds = [] } = workflow;
  const elsewhere = Object.entries(state.live ?? {})
    .map(([key, version]) => ({ id: key.split(" ")[0], environment: key.split(" ")[1], version, enabled: true }))
    .filter(({ id }) => id === workflow.id)
    .map(({ id: _, ...live }) => live);
  return { ...rest, elsewhere, triggers, nodeCount: document.nodes.length, folderId, tagIds };
}

function create(state, document) {
  const updatedAt = new Date().toISOString();
  const made = { id: randomUUID(), document, revision: 1, publishedVersion: null, enabled: false, updatedAt };
  state.workflows.unshift(made);
  state.scenario = "full";
  return made;
}

function publish(workflow, document, said) {
  const version = kept(workflow, document, said);
  Object.assign(workflow, { publishedVersion: version.number, enabled: true });
  return version;
}

function kept(workflow, document, { name = "", note = "" } = {}) {
  const diagnostics = validate(document);
  if (diagnostics.length > 0) throw problem(422, "The workflow has errors", "workflow_invalid", { diagnostics });
  workflow.versions ??= [];
  const number = (workflow.versions.at(-1)?.number ?? workflow.publishedVersion ?? 0) + 1;
  const version = {
    number,
    name,
    note,
    createdAt: new Date().toISOString(),
    createdBy: null,
    author: "Demo",
    document,
  };
  workflow.versions.push(structuredClone(version));
  return version;
}

const withoutDocument = ({ document, ...version }) => version;
const versionOf = (workflow, number) => {
  const found = workflow.versions?.find((version) => version.number === Number(number));
  if (!found) throw problem(404, "There is no such version", "not_found");
  return found;
};

/** What `POST /api/workflows/bulk` does to one workflow; returns what its line of the answer has. */
const BULK = {
  enable: (_, workflow) => switched(workflow, true),
  disable: (_, workflow) => switched(workflow, false),
  move: (_, workflow, { folderId }) => Object.assign(workflow, { folderId }) && {},
  tag: (_, workflow, { addTagIds = [], removeTagIds = [] }) => {
    const kept = new Set([...(workflow.tagIds ?? []), ...addTagIds]);
    workflow.tagIds = [...kept].filter((id) => !removeTagIds.includes(id));
    return {};
  },
  delete: (state, workflow) => {
    state.workflows = state.workflows.filter((other) => other !== workflow);
    return {};
  },
  export: (_, { document }) => ({ document }),
};

function switched(workflow, enabled) {
  if (workflow.publishedVersion === null) {
    return { ok: false, code: "not_published", message: "It is a draft only: publish it first." };
  }
  workflow.enabled = enabled;
  return {};
}

export const workflows = {
  "GET /api/node-types": ({ state }) => [200, state.future ? withFuture(catalogue) : catalogue],
  "GET /api/workflows": ({ state }, { query }) => {
    if (state.scenario === "failing") throw problem(503, "The database is not there", "database_unavailable");
    if (state.scenario === "empty") return [200, page([])];
    const search = (query.get("search") ?? "").toLowerCase();
    const found = state.workflows.filter(({ document }) => document.name.toLowerCase().includes(search));
    return [200, page(found.map((workflow) => summaryOf(state, workflow)))];
  },
  "POST /api/workflows": ({ state }, { body }) => [201, answerOf(state, create(state, body))],
  "POST /api/workflows/bulk": ({ state }, { body }) => {
    const done = body.ids.map((id) => ({ id, ok: true, ...BULK[body.action](state, find(state.workflows, id), body) }));
    return [200, { items: done.map((entry) => ({ code: null, message: null, document: null, ...entry })) }];
  },
  "POST /api/workflows/validate": (_, { body }) => [200, { diagnostics: validate(body) }],
  "GET /api/workflows/{workflow_id}": ({ state }, _, id) => [200, answerOf(state, find(state.workflows, id))],
  "PUT /api/workflows/{workflow_id}": ({ state }, { body }, id) => {
    const workflow = find(state.workflows, id);
    if (state.savesFail) throw problem(503, "The database is not there", "database_unavailable");
    if (body.revision !== workflow.revision) {
      const { revision, document } = workflow;
      throw problem(409, "Somebody else saved it", "stale_revision", { revision, document });
    }
    const updatedAt = new Date().toISOString();
    Object.assign(workflow, { document: body.document, revision: workflow.revision + 1, updatedAt });
    return [200, answerOf(state, workflow)];
  },
  "DELETE /api/workflows/{workflow_id}": ({ state }, _, id) => {
    state.workflows = state.workflows.filter((workflow) => workflow.id !== id);
    return [204];
  },
  "POST /api/workflows/{workflow_id}/duplicate": ({ state }, _, id) => {
    const { document } = find(state.workflows, id);
    const copy = { ...structuredClone(document), name: `${document.name} (copy)` };
    return [201, answerOf(state, create(state, copy))];
  },
  "POST /api/workflows/{workflow_id}/publish": ({ state }, { body }, id) => {
    const workflow = find(state.workflows, id);
    return [200, withoutDocument(publish(workflow, workflow.document, body ?? {}))];
  },
  "GET /api/releases": ({ state }, { query }) => {
    const wanted = (one) => ["state", "workflowId"].every((name) => !query.get(name) || one[name] === query.get(name));
    return [200, { items: (state.releases ?? []).filter(wanted) }];
  },
  "POST /api/workflows/{workflow_id}/releases": ({ state }, { body }, id) => {
    const workflow = find(state.workflows, id);
    const { number } = body.number ? versionOf(workflow, body.number) : kept(workflow, workflow.document, body);
    const made = {
      id: randomUUID(),
      workflowId: id,
      workflowName: workflow.name,
      version: number,
      versionName: body.name ?? "",
      environment: body.environment ?? "production",
      state: "waiting",
      note: body.note ?? "",
      askedBy: "demo",
      asker: "Demo",
      askedAt: new Date().toISOString(),
      decidedBy: null,
      decider: null,
      decidedAt: null,
      comment: "",
      mine: true,
      canDecide: false,
    };
    state.releases = [made, ...(state.releases ?? [])];
    return [201, made];
  },
  "POST /api/workflows/{workflow_id}/releases/{release_id}/decision": ({ state }, { body }, id, releaseId) => {
    const release = find(state.releases ?? [], releaseId);
    const states = { approve: "approved", reject: "rejected", cancel: "cancelled" };
    if (body.decision === "approve") Object.assign(find(state.workflows, id), { publishedVersion: release.version });
    const decided = { decidedBy: "demo", decider: "Demo", decidedAt: new Date().toISOString(), canDecide: false };
    return [200, Object.assign(release, decided, { state: states[body.decision], comment: body.comment ?? "" })];
  },
  "POST /api/workflows/{workflow_id}/unpublish": ({ state }, _, id) => {
    Object.assign(find(state.workflows, id), { publishedVersion: null, enabled: false });
    return [204];
  },
  "GET /api/workflows/{workflow_id}/versions": ({ state }, _, id) => {
    const { versions = [] } = find(state.workflows, id);
    return [200, { items: versions.map(withoutDocument).reverse() }];
  },
  "GET /api/workflows/{workflow_id}/versions/{number}": ({ state }, _, id, number) => [
    200,
    versionOf(find(state.workflows, id), number),
  ],
  "PUT /api/workflows/{workflow_id}/versions/{number}": ({ state }, { body }, id, number) => [
    200,
    withoutDocument(Object.assign(versionOf(find(state.workflows, id), number), body)),
  ],
  "POST /api/workflows/{workflow_id}/versions/{number}/publish": ({ state }, _, id, number) => {
    const workflow = find(state.workflows, id);
    return [
      200,
      withoutDocument(publish(workflow, versionOf(workflow, number).document, { note: `Version ${number} again` })),
    ];
  },
  "POST /api/workflows/{workflow_id}/files": ({ state }, { body: { fileName, mimeType, content } }, id) => {
    find(state.workflows, id);
    const size = Buffer.from(content, "base64").length;
    const binary = { bucket: "data", key: `t1/${id}/${size}`, size, sha256: "0".repeat(64), mimeType, fileName };
    return [201, { binary }];
  },
  "POST /api/workflows/{workflow_id}/run": ({ state, live }, { body }, id) => {
    const execution = simulate(state, find(state.workflows, id), body, live);
    return [202, { executionId: execution.id }];
  },
  "POST /api/expressions/preview": ({ state }, { body }) => {
    const source = body.input?.[0];
    const run = state.executions.find(({ id }) => id === body.executionId);
    const items = (source && (body.pinned?.[source.nodeId] ?? run?.items[source.nodeId]?.out[source.port])) ?? [];
    try {
      const value = evaluate(body.text, items[body.index]?.json ?? {}) ?? null;
      return [200, { value, error: null, count: items.length, partial: false, cut: false, missing: [] }];
    } catch (error) {
      const wrong = { message: String(error.message), position: null };
      return [200, { value: null, error: wrong, count: items.length, partial: false, cut: false, missing: [] }];
    }
  },
};

/** Runs the published workflow that listens on `path`, and answers with what its respond node says. */
export async function hook({ state, live }, path, body) {
  const workflow = state.workflows.find(
    ({ document, publishedVersion }) =>
      publishedVersion && document.nodes.some((node) => node.type === "webhook_trigger" && node.params.path === path),
  );
  if (!workflow) throw problem(404, "No workflow listens here", "not_found");
  const items = [{ json: { method: "POST", path, body } }];
  const execution = simulate(state, workflow, { mode: "live", trigger: "webhook", items }, live);
  await execution.played;
  return execution.response ?? {};
}

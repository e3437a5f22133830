// A small stand-in for the API and the live channel, for work on the web app without the stack. Never shipped.
//   node dev/server.mjs [--port 8499]      then `npm run dev`
// PUT /__dev {"scenario": "full" | "empty" | "failing" | "slow"} switches what the lists answer.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { filled, kindOf } from "./shaped.mjs";
import { simulate } from "./simulate.mjs";
import { catalogue, newState, problem } from "./state.mjs";

const port = Number(process.argv[process.argv.indexOf("--port") + 1] || 8499) || 8499;
const webPort = 5173;
const state = newState();
const sockets = new Map();

export function push(execution, event) {
  const numbered = { ...event, id: randomUUID(), seq: ++execution.lastSeq, at: new Date().toISOString() };
  execution.events.push(numbered);
  if (event.type === "node.log") {
    execution.logs.push({
      seq: numbered.seq,
      nodeId: event.nodeId,
      at: numbered.at,
      level: event.level,
      message: event.message,
      data: event.data ?? null,
    });
  }
  send(`execution:${execution.id}`, { type: "events", executionId: execution.id, events: [numbered] });
  return numbered;
}

export function announce(execution) {
  for (const channel of [`tenant:${state.tenant.id}`, `workflow:${execution.workflowId}`]) {
    send(channel, { type: "execution", execution: summary(execution) });
  }
}

function send(channel, message) {
  for (const [socket, channels] of sockets) {
    if (channels.has(channel)) socket.send(JSON.stringify({ ...message, channel }));
  }
}

const summary = ({ events, logs, items, nodeRuns, document, played, response, ...rest }) => rest;
const outsideLoops = (run) => ({ iteration: "", runs: null, waiting: null, ...run });
const page = (items) => ({ items, nextCursor: null });

function workflowAnswer(workflow) {
  const last = state.executions.find((execution) => execution.workflowId === workflow.id);
  const hooks = workflow.document.nodes
    .filter((node) => node.type === "webhook_trigger" && node.params.path)
    .map((node) => ({
      nodeId: node.id,
      method: node.params.method ?? "POST",
      path: node.params.path,
      url: `http://127.0.0.1:${webPort}/hooks/demo/${node.params.path}`,
    }));
  return { ...workflow, name: workflow.document.name, webhooks: hooks, diagnostics: [], lastExecution: last };
}

const routes = [
  [
    "POST",
    /^\/auth\/(login|register|refresh)$/,
    (_, [kind], body) => {
      if (kind === "login" && body.password === "wrong-password") throw problem(401, "Wrong", "bad_credentials");
      if (kind === "refresh" && (state.signedOut || !body.cookie?.includes("dev_refresh=1"))) {
        throw problem(401, "No session", "no_session");
      }
      if (kind === "register") state.scenario = "empty";
      state.signedOut = false;
      return [200, { accessToken: "dev", expiresIn: 900, user: state.user, tenant: state.tenant }];
    },
  ],
  [
    "POST",
    /^\/auth\/logout$/,
    () => {
      state.signedOut = true;
      return [204];
    },
  ],
  ["GET", /^\/node-types$/, () => [200, catalogue]],
  [
    "GET",
    /^\/workflows$/,
    (query) => {
      if (state.scenario === "failing") throw problem(503, "The database is not there", "unavailable");
      if (state.scenario === "empty") return [200, page([])];
      const search = (query.get("search") ?? "").toLowerCase();
      const found = state.workflows.filter((workflow) => workflow.document.name.toLowerCase().includes(search));
      return [
        200,
        page(
          found.map((workflow) => {
            const { document, ...rest } = workflowAnswer(workflow);
            const triggers = document.nodes.map((node) => node.type).filter((type) => type.endsWith("_trigger"));
            return { ...rest, triggers };
          }),
        ),
      ];
    },
  ],
  [
    "POST",
    /^\/workflows$/,
    (_, __, body) => {
      const document = body;
      const now = new Date().toISOString();
      const workflow = {
        id: randomUUID(),
        document,
        revision: 1,
        publishedVersion: null,
        enabled: false,
        updatedAt: now,
      };
      state.workflows.unshift(workflow);
      state.scenario = "full";
      return [201, workflowAnswer(workflow)];
    },
  ],
  ["POST", /^\/workflows\/validate$/, (_, __, body) => [200, { diagnostics: validate(body) }]],
  ["GET", /^\/workflows\/([^/]+)$/, (_, [id]) => [200, workflowAnswer(find(state.workflows, id))]],
  [
    "PUT",
    /^\/workflows\/([^/]+)$/,
    (_, [id], body) => {
      const workflow = find(state.workflows, id);
      if (state.savesFail) throw problem(503, "The database is not there", "unavailable");
      if (body.revision !== workflow.revision) {
        throw problem(409, "Somebody else saved it", "stale_revision", { revision: workflow.revision });
      }
      Object.assign(workflow, {
        document: body.document,
        revision: workflow.revision + 1,
        updatedAt: new Date().toISOString(),
      });
      return [200, workflowAnswer(workflow)];
    },
  ],
  [
    "DELETE",
    /^\/workflows\/([^/]+)$/,
    (_, [id]) => {
      state.workflows = state.workflows.filter((workflow) => workflow.id !== id);
      return [204];
    },
  ],
  [
    "POST",
    /^\/workflows\/([^/]+)\/publish$/,
    (_, [id]) => {
      const workflow = find(state.workflows, id);
      const diagnostics = validate(workflow.document);
      if (diagnostics.length > 0) throw problem(422, "The workflow has errors", "workflow_invalid", { diagnostics });
      Object.assign(workflow, { publishedVersion: (workflow.publishedVersion ?? 0) + 1, enabled: true });
      return [200, { number: workflow.publishedVersion, createdAt: new Date().toISOString() }];
    },
  ],
  [
    "POST",
    /^\/workflows\/([^/]+)\/unpublish$/,
    (_, [id]) => {
      Object.assign(find(state.workflows, id), { publishedVersion: null, enabled: false });
      return [204];
    },
  ],
  [
    "POST",
    /^\/workflows\/([^/]+)\/run$/,
    (_, [id], body) => {
      const execution = simulate(state, find(state.workflows, id), body, { push, announce });
      return [202, { executionId: execution.id }];
    },
  ],
  [
    "GET",
    /^\/executions$/,
    (query) => {
      if (state.scenario === "failing") throw problem(503, "The database is not there", "unavailable");
      const wanted = (execution) =>
        ["workflowId", "status", "trigger"].every((key) => !query.get(key) || execution[key] === query.get(key));
      return [200, page(state.scenario === "empty" ? [] : state.executions.filter(wanted).map(summary))];
    },
  ],
  [
    "GET",
    /^\/executions\/([^/]+)$/,
    (_, [id]) => {
      const execution = find(state.executions, id);
      const { document, nodeRuns } = execution;
      return [200, { ...summary(execution), document, nodeRuns: Object.values(nodeRuns).map(outsideLoops) }];
    },
  ],
  ["GET", /^\/approvals$/, () => [200, page([])]],
  [
    "GET",
    /^\/executions\/([^/]+)\/logs$/,
    (query, [id]) => {
      const after = Number(query.get("after") ?? 0);
      return [200, page(find(state.executions, id).logs.filter((line) => line.seq > after))];
    },
  ],
  [
    "GET",
    /^\/executions\/([^/]+)\/items$/,
    (query, [id]) => {
      const { items } = find(state.executions, id);
      const ports = items[query.get("nodeId")]?.[query.get("direction")] ?? {};
      const all = ports[query.get("port") || "main"] ?? [];
      const offset = Number(query.get("offset") ?? 0);
      const rows = all.slice(offset, offset + Number(query.get("limit") ?? 50));
      return [200, { items: rows, total: all.length }];
    },
  ],
  [
    "POST",
    /^\/executions\/([^/]+)\/cancel$/,
    (_, [id]) => {
      find(state.executions, id).cancelled = true;
      return [202, {}];
    },
  ],
  [
    "GET",
    /^\/credentials$/,
    () => {
      if (state.scenario === "failing") throw problem(503, "The database is not there", "unavailable");
      return [200, page(state.scenario === "empty" ? [] : state.credentials)];
    },
  ],
  [
    "POST",
    /^\/credentials$/,
    (_, __, body) => {
      const credential = {
        id: randomUUID(),
        name: body.name,
        type: body.type,
        hint: "…",
        updatedAt: new Date().toISOString(),
      };
      state.credentials.push(credential);
      return [201, credential];
    },
  ],
  [
    "GET",
    /^\/credentials\/([^/]+)$/,
    (_, [id]) => {
      const data = { host: "127.0.0.1", port: 5433, database: "orders", user: "app", sslMode: "require" };
      return [200, { ...find(state.credentials, id), data, secrets: ["password"], readable: true }];
    },
  ],
  [
    "DELETE",
    /^\/credentials\/([^/]+)$/,
    (_, [id]) => {
      state.credentials = state.credentials.filter((credential) => credential.id !== id);
      return [204];
    },
  ],
  ["POST", /^\/live\/ticket$/, () => [200, { ticket: randomUUID(), url: "/live", expiresIn: 60 }]],
];

function find(list, id) {
  const found = list.find((entry) => entry.id === id);
  if (!found) throw problem(404, "There is no such thing", "not_found");
  return found;
}

/** Runs the published workflow that listens on `path`, and answers with what its respond node says. */
async function hook(path, body) {
  const workflow = state.workflows.find(
    ({ document, publishedVersion }) =>
      publishedVersion && document.nodes.some((node) => node.type === "webhook_trigger" && node.params.path === path),
  );
  if (!workflow) throw problem(404, "No workflow listens here", "not_found");
  const items = [{ json: { method: "POST", path, body } }];
  const execution = simulate(state, workflow, { mode: "live", trigger: "webhook", items }, { push, announce });
  await execution.played;
  return execution.response ?? {};
}

/** Just enough checking to see diagnostics on the canvas. */
function validate(document) {
  const fed = new Set(document.edges.map((edge) => edge.target));
  return document.nodes.flatMap((node) => {
    const entry = catalogue.nodes.find((candidate) => candidate.type === node.type);
    const missing = (entry?.paramsSchema.required ?? []).filter((name) => !node.params[name]);
    const found = missing.map((name) => ({
      code: "param_missing",
      severity: "error",
      message: `${entry.paramsSchema.properties[name].title} is missing.`,
      remedy: "Fill it in.",
      nodeId: node.id,
      field: `params.${name}`,
    }));
    if (entry && !entry.trigger && !fed.has(node.id)) {
      found.push({
        code: "node_unreachable",
        severity: "warning",
        message: `${node.name} is not connected, so it never runs.`,
        remedy: "Connect it, or delete it.",
        nodeId: node.id,
      });
    }
    return found;
  });
}

async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  const kind = kindOf(request.method, url.pathname);
  const answer = (status, data) => {
    const body = status < 400 && kind ? filled(data, kind) : data;
    const type = status >= 400 ? "application/problem+json" : "application/json";
    response.writeHead(status, { "content-type": type }).end(body === undefined ? "" : JSON.stringify(body));
  };
  try {
    const body = await readBody(request);
    if (url.pathname === "/api/auth/refresh") body.cookie = request.headers.cookie ?? "";
    if (/\/auth\/(login|register)$/.test(url.pathname)) {
      response.setHeader("set-cookie", "dev_refresh=1; Path=/api/auth; HttpOnly; SameSite=Strict");
    }
    if (url.pathname === "/__dev") {
      Object.assign(state, body);
      return answer(200, {
        workflows: state.workflows.map(({ id }) => id),
        executions: state.executions.map(({ id }) => id),
      });
    }
    if (state.scenario === "slow" && request.method === "GET")
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    const path = url.pathname.replace(/^\/api/, "");
    for (const [method, pattern, handle] of routes) {
      const match = method === request.method ? pattern.exec(path) : null;
      if (match) return answer(...handle(url.searchParams, match.slice(1), body));
    }
    if (url.pathname.startsWith("/hooks/demo/")) return answer(200, await hook(url.pathname.slice(12), body));
    if (request.method === "GET" && kind) return answer(200);
    throw problem(404, "There is no such route", "not_found");
  } catch (error) {
    if (error.problem) return answer(error.problem.status, error.problem);
    console.error(error);
    return answer(500, { title: "The fake API broke", status: 500, detail: String(error) });
  }
});

new WebSocketServer({ server, path: "/live" }).on("connection", (socket) => {
  const channels = new Set();
  sockets.set(socket, channels);
  socket.on("close", () => sockets.delete(socket));
  socket.on("message", (text) => {
    const { action, channel, after } = JSON.parse(String(text));
    if (action === "ping") socket.send('{"type":"pong"}');
    if (action === "unsubscribe") channels.delete(channel);
    if (action !== "subscribe") return;
    channels.add(channel);
    const execution = state.executions.find(({ id }) => channel === `execution:${id}`);
    socket.send(JSON.stringify({ type: "subscribed", channel, lastSeq: execution?.lastSeq ?? 0 }));
    const events = execution?.events.filter((event) => event.seq > (after ?? 0)) ?? [];
    if (events.length > 0) socket.send(JSON.stringify({ type: "events", channel, executionId: execution.id, events }));
  });
});

server.listen(port, "127.0.0.1", () => console.log(`fake API on http://127.0.0.1:${port}`));

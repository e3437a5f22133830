// The fake API as a server: routes, live channel, webhooks and the switch `/__dev`.
import { createServer } from "node:http";
import { Live } from "./live.mjs";
import { account } from "./routes/account.mjs";
import { alerts } from "./routes/alerts.mjs";
import { analytics } from "./routes/analytics.mjs";
import { apiKeys } from "./routes/apiKeys.mjs";
import { apis } from "./routes/apis.mjs";
import { audit } from "./routes/audit.mjs";
import { credentials } from "./routes/credentials.mjs";
import { debugging } from "./routes/debugging.mjs";
import { environments } from "./routes/environments.mjs";
import { executions } from "./routes/executions.mjs";
import { factors } from "./routes/factors.mjs";
import { leaving } from "./routes/leaving.mjs";
import { listening } from "./routes/listening.mjs";
import { models } from "./routes/models.mjs";
import { options } from "./routes/options.mjs";
import { organising } from "./routes/organising.mjs";
import { people } from "./routes/people.mjs";
import { plan } from "./routes/plan.mjs";
import { projects } from "./routes/projects.mjs";
import { retention } from "./routes/retention.mjs";
import { store } from "./routes/store.mjs";
import { templates } from "./routes/templates.mjs";
import { variables } from "./routes/variables.mjs";
import { hook, workflows } from "./routes/workflows.mjs";
import { filled, kindOf } from "./shaped.mjs";
import { newState, problem } from "./state.mjs";

/** Every route that is played, by method and path as docs/reference/openapi.json writes them. */
export const routes = {
  ...account,
  ...alerts,
  ...analytics,
  ...people,
  ...plan,
  ...retention,
  ...projects,
  ...factors,
  ...workflows,
  ...debugging,
  ...executions,
  // Before credentials, whose ids `mappings` would be one of.
  ...environments,
  ...credentials,
  ...options,
  ...organising,
  ...leaving,
  ...listening,
  ...apiKeys,
  ...apis,
  ...audit,
  ...models,
  ...templates,
  ...variables,
  ...store,
};

const patterns = Object.entries(routes).map(([route, handle]) => {
  const [method, path] = route.split(" ");
  return { method, handle, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, "([^/]+)")}$`) };
});

/** A server that does not listen yet, and the state that it plays. */
export function fake() {
  const state = newState();
  const live = new Live(state);
  const server = createServer((request, response) => void answered({ state, live }, request, response));
  live.listen(server);
  return { server, state, live };
}

async function answered(world, request, response) {
  const url = new URL(request.url, "http://localhost");
  const kind = kindOf(request.method, url.pathname);
  const answer = (status, data) => {
    if (data instanceof Page) return response.writeHead(status, { "content-type": "text/html" }).end(data.html);
    const body = status < 400 && kind ? filled(data, kind) : data;
    const type = status >= 400 ? "application/problem+json" : "application/json";
    response.writeHead(status, { "content-type": type }).end(body === undefined ? "" : JSON.stringify(body));
  };
  try {
    answer(...(await answerOf(world, request, response, url, kind)));
  } catch (error) {
    if (error.problem) return answer(error.problem.status, error.problem);
    console.error(error);
    answer(500, { title: "The fake API broke", status: 500, detail: String(error) });
  }
}

async function answerOf(world, request, response, url, kind) {
  const { state } = world;
  const path = url.pathname;
  if (PAGES[path]) return [200, new Page(PAGES[path](url.searchParams, state))];
  const body = await readBody(request);
  if (/\/auth\/(login|register|confirm|password)$/.test(path)) {
    response.setHeader("set-cookie", "dev_refresh=1; Path=/api/auth; HttpOnly; SameSite=Strict");
  }
  if (path === "/__dev") {
    Object.assign(state, body);
    return [200, { workflows: state.workflows.map(({ id }) => id), executions: state.executions.map(({ id }) => id) }];
  }
  if (state.scenario === "slow" && request.method === "GET") {
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  }
  for (const { method, pattern, handle } of patterns) {
    const match = method === request.method ? pattern.exec(path) : null;
    if (!match) continue;
    const asked = { query: url.searchParams, body, cookie: request.headers.cookie ?? "", headers: request.headers };
    return handle(world, asked, ...match.slice(1).map(decodeURIComponent));
  }
  if (path.startsWith("/hooks/demo/")) return [200, await hook(world, path.slice(12), body)];
  if (request.method === "GET" && kind) return [200];
  throw problem(404, "There is no such route", "not_found");
}

async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
}

class Page {
  constructor(html) {
    this.html = html;
  }
}

/** The provider's page where a person agrees, and the one that they are led back to (`api/pages.py`). */
const PAGES = {
  "/api/oauth2/provider": (query) => {
    const back = (answer) => `/api/oauth2/callback?id=${encodeURIComponent(query.get("id"))}&answer=${answer}`;
    return `<!doctype html><title>Provider</title><h1>Let Stepweave in?</h1>
<p><a href="${back("yes")}">Allow</a> <a href="${back("no")}">Deny</a></p>`;
  },
  "/api/oauth2/callback": (query, state) => {
    const credential = state.credentials.find(({ id }) => id === query.get("id"));
    const connected = credential !== undefined && query.get("answer") === "yes";
    if (connected) credential.connection = "connected";
    const message = connected ? `“${credential.name}” is connected.` : "Access was not given. Nothing was changed.";
    const told = JSON.stringify({ credentialId: credential?.id ?? "", connected, message }).replaceAll("<", "\\u003c");
    return `<!doctype html><title>Stepweave</title><script>
const told = ${told};
new BroadcastChannel("stepweave-oauth2").postMessage(told);
document.write(told.connected ? "Connected" : "Not connected");
if (told.connected) setTimeout(() => window.close(), 600);
</script>`;
  },
};

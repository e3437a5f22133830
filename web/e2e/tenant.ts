/** Users and tenants of this run alone, one for each worker: what earlier runs left, or another worker makes, no test sees. */

import { type APIRequestContext, type FullConfig, request } from "@playwright/test";
import { newOwner } from "./people";
import { unique } from "./support";

const PASSWORD = "a-long-password";

/** Registers them with a first workflow each, so that Home is no welcome; the tests' processes find them in the environment. */
export default async function registerTenants(config: FullConfig): Promise<void> {
  const baseURL = config.projects[0]?.use.baseURL;
  if (!baseURL) throw new Error("There is no stack to test.");
  const api = await request.newContext({ baseURL });
  const emails: string[] = [];
  for (let worker = 0; worker < config.workers; worker += 1) emails.push(await register(api));
  await api.dispose();
  process.env.STEPWEAVE_E2E_EMAILS = emails.join(" ");
  process.env.STEPWEAVE_E2E_PASSWORD = PASSWORD;
}

async function register(api: APIRequestContext): Promise<string> {
  const tag = unique("run").replace(/\W/g, "");
  const owner = { email: `${tag}@example.com`, password: PASSWORD };
  const accessToken = await newOwner(api, owner, `Run ${tag}`);
  const start = { id: "start", type: "manual_trigger", version: 1, name: "Start", position: { x: 0, y: 0 } };
  const made = await api.post("/api/workflows", {
    headers: { authorization: `Bearer ${accessToken}` },
    data: { schema: 1, name: "First of the run", nodes: [start], edges: [] },
  });
  if (!made.ok()) throw new Error(`No workflow could be made: ${made.status()} ${await made.text()}`);
  return owner.email;
}

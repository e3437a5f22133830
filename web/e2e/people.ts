/** People of the tests who need no mail: made in the stack's database, for one address registers only so many in an hour. */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { APIRequestContext } from "@playwright/test";

const ROOT = join(import.meta.dirname, "../..");
const PYTHON = join(ROOT, ".venv/bin/python");

/** Makes somebody with a workspace of their own, logs them in, and returns their access token. */
export async function newOwner(
  api: APIRequestContext,
  owner: { email: string; password: string },
  workspace: string,
): Promise<string> {
  const words = ["-m", "local.seed.people", owner.email, owner.password, workspace];
  execFileSync(existsSync(PYTHON) ? PYTHON : "python3", words, { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
  const session = await api.post("/api/auth/login", { data: owner });
  if (!session.ok()) throw new Error(`${owner.email} cannot log in: ${session.status()} ${await session.text()}`);
  return ((await session.json()) as { accessToken: string }).accessToken;
}

import { expect, test } from "@playwright/test";
import { besides, logIn, USER, unique } from "./support";

const ATTACK = `<!doctype html><title>attack</title><p id="result">running</p><script>
(async () => {
  const tries = {
    storage: async () => localStorage.length,
    cookie: async () => document.cookie.length,
    session: async () => {
      const answer = await fetch("/api/auth/refresh", { method: "POST", credentials: "include" });
      return answer.status;
    },
    worker: async () => navigator.serviceWorker.register(location.pathname),
  };
  const got = [self.origin];
  for (const [name, attempt] of Object.entries(tries)) {
    try { got.push(name + " " + (await attempt())); } catch { got.push(name + " refused"); }
  }
  document.getElementById("result").textContent = got.join(", ");
})();
</script>`;

test("a webhook's page runs without the app's origin, storage and session", async ({ page, request }) => {
  await logIn(page);
  const call = await besides(request);
  const path = unique("attack")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  const node = (id: string, type: string, params: object) => ({
    id,
    type,
    name: id,
    params,
    position: { x: 0, y: 0 },
  });
  const { id } = await call("/api/workflows", {
    schema: 1,
    name: path,
    nodes: [
      node("hook", "webhook_trigger", { path, method: "GET", respond: "respondNode" }),
      node("page", "respond_to_webhook", {
        bodyKind: "text",
        textBody: ATTACK,
        contentType: "text/html; charset=utf-8",
      }),
    ],
    edges: [{ id: "e", source: "hook", sourcePort: "main", target: "page", targetPort: "main" }],
  });
  await call(`/api/workflows/${String(id)}/publish`, {});
  const login = await request.post("/api/auth/login", { data: USER });
  const { tenant } = (await login.json()) as { tenant: { slug: string } };
  const url = `/hooks/${tenant.slug}/${path}`;
  const answer = await page.request.get(url);
  expect(answer.headers()["content-security-policy"]).toContain("sandbox");
  await page.goto(url);
  await expect(page.locator("#result")).toHaveText(
    "null, storage refused, cookie refused, session refused, worker refused",
  );
});

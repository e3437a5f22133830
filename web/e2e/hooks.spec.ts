import { expect, test } from "@playwright/test";
import { besides, logIn, USER, unique } from "./support";

/** What a tenant's page would try; `#result` says what it got. `app` is the app's origin, `script` a script of theirs. */
const attack = (app: string) => `<!doctype html><title>attack</title><p id="result">running</p><script>
(async () => {
  const tries = {
    storage: async () => Object.keys(localStorage).filter((name) => name.startsWith("stepweave")).length + " of the app",
    cookie: async () => document.cookie.length,
    session: async () => (await fetch("${app}/api/auth/refresh", { method: "POST", credentials: "include" })).status,
    here: async () => (await fetch("/api/auth/refresh", { method: "POST", credentials: "include" })).status,
    worker: async () => { await navigator.serviceWorker.register(location.pathname); return "made"; },
    opener: async () => (window.opener ? window.opener.location.href : "none"),
  };
  const got = [];
  for (const [name, attempt] of Object.entries(tries)) {
    try { got.push(name + " " + (await attempt())); } catch { got.push(name + " refused"); }
  }
  document.getElementById("result").textContent = got.join(", ");
})();
</script>`;

test("a webhook's page is on another site than the app, and takes nothing of it", async ({
  page,
  request,
  baseURL,
}) => {
  const app = String(baseURL);
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
        textBody: attack(app),
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
  expect(new URL(answer.url()).hostname).not.toBe(new URL(app).hostname);

  await test.step("sandboxed, it has no origin at all", async () => {
    await page.goto(url);
    await expect(page.locator("#result")).toHaveText(
      "storage refused, cookie refused, session refused, here refused, worker refused, opener none",
    );
  });

  await test.step("without the sandbox it finds an origin that has nothing", async () => {
    await page.route(answer.url(), async (route) => {
      const plain = await route.fetch();
      const { "content-security-policy": _, ...headers } = plain.headers();
      await route.fulfill({ response: plain, headers });
    });
    await page.goto(answer.url());
    await expect(page.locator("#result")).toHaveText(
      "storage 0 of the app, cookie 0, session refused, here 404, worker refused, opener none",
    );
  });

  await test.step("the app runs no script of theirs, though one is injected into its page", async () => {
    await page.goto("/workflows");
    const loaded = await page.evaluate(
      (address) =>
        new Promise((done) => {
          const script = document.createElement("script");
          Object.assign(script, { src: address, onload: () => done("ran"), onerror: () => done("refused") });
          document.head.append(script);
        }),
      url,
    );
    expect(loaded).toBe("refused");
  });
});

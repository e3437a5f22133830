// The fake API against what the app asks for, and against the OpenAPI document.
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fake, routes } from "./fake.mjs";
import { filled, kindOf } from "./shaped.mjs";

const at = (path) => new URL(path, import.meta.url);
const document = JSON.parse(readFileSync(at("../../docs/reference/openapi.json"), "utf8"));
const promised = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);

/** Every route that the app asks for: `client.POST("/api/...")`, and what sessions ask without the client. */
const asked = readdirSync(at("../src/api"))
  .filter((name) => /^(?!schema).*\.ts$/.test(name) && !name.includes(".test."))
  .flatMap((name) => {
    const text = readFileSync(at(`../src/api/${name}`), "utf8");
    const calls = [...text.matchAll(/\.(GET|POST|PUT|PATCH|DELETE)\(\s*"([^"]+)"/g)];
    const sessions = [...text.matchAll(/post\("(\/auth\/\w+)"/g)].map(([, path]) => `POST /api${path}`);
    return [...calls.map(([, method, path]) => `${method} ${path}`), ...sessions];
  });

describe("the fake API", () => {
  it("knows what the app asks for", () => {
    expect(asked).toContain("POST /api/credentials/{credential_id}/connect");
    expect(asked).toContain("POST /api/auth/refresh");
    // Lists that it does not play are answered as the document says, empty.
    const unknown = asked.filter(
      (route) => !routes[route] && !(route.startsWith("GET ") && kindOf(...route.split(" "))),
    );
    expect([...new Set(unknown)]).toEqual([]);
  });

  it("plays no route that the API does not have", () => {
    expect(Object.keys(routes).filter((route) => !promised.includes(route))).toEqual([]);
  });
});

describe("what the fake API plays", () => {
  const played = fake();
  let origin = "";
  beforeAll(async () => {
    await new Promise((resolve) => played.server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${played.server.address().port}`;
  });
  afterAll(() => {
    played.live.close();
    played.server.close();
  });

  const ask = async (method, path, body) => {
    const answer = await fetch(origin + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, body: text && !text.startsWith("<") ? JSON.parse(text) : text };
  };

  it("connects a credential, tests it, and never tells its secrets", async () => {
    const data = { clientId: "me", clientSecret: "hush-hush", testUrl: "https://shop.example/me" };
    const made = await ask("POST", "/api/credentials", { name: "Shop", type: "oauth2", data });
    expect(made).toMatchObject({ status: 201, body: { connection: "missing" } });
    const path = `/api/credentials/${made.body.id}`;
    expect((await ask("POST", `${path}/test`)).body.works).toBe(false);
    const { body: begun } = await ask("POST", `${path}/connect`);
    const consent = await ask("GET", begun.authorizeUrl);
    const allow = /href="([^"]+answer=yes)"/.exec(consent.body)[1];
    expect((await ask("GET", allow)).body).toContain('"connected":true');
    expect((await ask("POST", `${path}/test`)).body).toEqual({
      works: true,
      message: "It works (status 200).",
      status: 200,
    });
    const shown = await ask("GET", path);
    expect(shown.body).toMatchObject({ connection: "connected", secrets: ["clientSecret"], data: { clientId: "me" } });
    expect(JSON.stringify(shown) + JSON.stringify(await ask("GET", "/api/credentials"))).not.toContain("hush-hush");
    expect((await ask("POST", "/api/credentials/cred-db/connect")).body.code).toBe("not_connectable");
  });

  it("publishes versions and makes an older one live again", async () => {
    const start = { id: "a", type: "manual_trigger", version: 1, name: "Start", params: {}, position: { x: 0, y: 0 } };
    const made = await ask("POST", "/api/workflows", { schema: 1, name: "W", nodes: [start], edges: [] });
    const path = `/api/workflows/${made.body.id}`;
    expect((await ask("POST", `${path}/publish`, { note: "first" })).body).toMatchObject({ number: 1, note: "first" });
    await ask("POST", `${path}/publish`, { note: "" });
    expect((await ask("GET", `${path}/versions`)).body.items.map(({ number }) => number)).toEqual([2, 1]);
    expect((await ask("POST", `${path}/versions/1/publish`)).body.number).toBe(3);
    expect((await ask("POST", `${path}/duplicate`)).body.document.name).toBe("W (copy)");
    const bulk = { action: "disable", ids: [made.body.id] };
    expect((await ask("POST", "/api/workflows/bulk", bulk)).body.items[0]).toMatchObject({ ok: true });
    expect((await ask("GET", path)).body.enabled).toBe(false);
  });

  it("offers a second version of a node where it is asked to", async () => {
    const versions = async () =>
      (await ask("GET", "/api/node-types")).body.nodes
        .filter(({ type }) => type === "limit")
        .map(({ version }) => version);
    expect(await versions()).toEqual([1]);
    await ask("PUT", "/__dev", { future: true });
    expect(await versions()).toEqual([1, 2]);
  });

  it("makes, changes and deletes folders and tags", async () => {
    for (const list of ["folders", "tags"]) {
      const { body: made } = await ask("POST", `/api/${list}`, { name: "One", color: "red" });
      expect((await ask("PUT", `/api/${list}/${made.id}`, { name: "Two" })).body.items[0].name).toBe("Two");
      expect((await ask("DELETE", `/api/${list}/${made.id}`)).status).toBe(204);
      expect((await ask("PUT", `/api/${list}/${made.id}`, { name: "Three" })).body.code).toBe("not_found");
    }
  });

  it("keeps keys and the rows of tables", async () => {
    const columns = [{ name: "sku", type: "text" }];
    const { body: table } = await ask("POST", "/api/tables", { name: "Stock", columns });
    const path = `/api/tables/${table.id}`;
    const { body: made } = await ask("POST", `${path}/rows`, { rows: [{ sku: "a" }, { sku: "b" }] });
    await ask("PUT", `${path}/rows/${made.items[1].id}`, { values: { sku: "c" } });
    await ask("PUT", `${path}/columns/${table.columns[0].id}`, { name: "code" });
    expect((await ask("POST", `${path}/rows/delete`, { ids: [made.items[0].id] })).body.deleted).toBe(1);
    const { body: rows } = await ask("POST", `${path}/rows/query`, {});
    expect([rows.total, rows.items[0].values]).toEqual([1, { code: "c" }]);
    await ask("PUT", "/api/stores/entries", { store: "s", key: "k", value: 1, ttl: null });
    expect((await ask("GET", "/api/stores")).body.items).toEqual([
      { name: "s", keys: 1, projectId: expect.any(String) },
    ]);
    expect((await ask("DELETE", "/api/stores?store=s")).body.deleted).toBe(1);
  });

  it("has choices, page by page, for those who have the credential", async () => {
    const wanted = { version: 1, field: "repository", params: { credential: "cred-db", owner: "o" }, search: "" };
    const path = "/api/node-types/github/options";
    const first = await ask("POST", path, { ...wanted, page: null });
    expect([first.body.options.length, first.body.next]).toEqual([50, "50"]);
    expect((await ask("POST", path, { ...wanted, page: "100" })).body).toMatchObject({ next: null, cut: false });
    expect((await ask("POST", path, { ...wanted, params: { credential: "x" } })).status).toBe(404);
  });

  it("fills answers up to what the document promises", () => {
    expect(filled({ id: "a" }, kindOf("GET", "/api/home"))).toMatchObject({ id: "a", workflows: 0, days: [] });
  });
});

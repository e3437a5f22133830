// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { signedFetch } from "./client";
import { ApiError, checked } from "./problem";
import { currentToken, forgetSession, logIn, refresh, useSession } from "./session";

const json = (status: number, body: unknown, type = "application/json") =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": type } });

const session = (token: string, expiresIn = 900) => ({
  accessToken: token,
  expiresIn,
  secondFactorMissing: false,
  providerOnly: false,
  user: { id: "u", email: "ada@example.com", name: "Ada" },
  tenant: { id: "t", name: "T", slug: "t" },
  role: "owner",
  roleName: null,
  permissions: ["self"],
});

let answers: Record<string, () => Response>;
let asked: string[];

beforeEach(() => {
  forgetSession();
  asked = [];
  answers = {};
  vi.stubGlobal("fetch", (input: string | Request) => {
    const request = input instanceof Request ? input : new Request(new URL(input, "http://localhost"));
    const { pathname } = new URL(request.url);
    asked.push(`${pathname} ${request.headers.get("authorization") ?? ""}`.trim());
    const answer = answers[pathname];
    return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError("no network"));
  });
});

afterEach(() => vi.unstubAllGlobals());

const get = () => signedFetch(new Request("http://localhost/api/me"));

describe("a session", () => {
  it("is renewed once for requests that come together", async () => {
    answers["/api/auth/refresh"] = () => json(200, session("one"));
    expect(await Promise.all([currentToken(), currentToken(), refresh()])).toEqual(["one", "one", true]);
    expect(asked).toEqual(["/api/auth/refresh"]);
  });

  it("is renewed before its token ends", async () => {
    answers["/api/auth/login"] = () => json(200, session("short", 10));
    answers["/api/auth/refresh"] = () => json(200, session("fresh"));
    await logIn("ada@example.com", "secret");
    expect(await currentToken()).toBe("fresh");
  });

  it("is renewed when the API says that it is over, and the request is sent again", async () => {
    let calls = 0;
    answers["/api/auth/login"] = () => json(200, session("old"));
    answers["/api/auth/refresh"] = () => json(200, session("new"));
    answers["/api/me"] = () => {
      calls += 1;
      return calls === 1 ? json(401, {}) : json(200, { ok: true });
    };
    await logIn("ada@example.com", "secret");
    expect((await get()).status).toBe(200);
    expect(asked.slice(1)).toEqual(["/api/me Bearer old", "/api/auth/refresh", "/api/me Bearer new"]);
  });

  it("that ends while it is used is expired, not forgotten", async () => {
    answers["/api/auth/login"] = () => json(200, session("old"));
    answers["/api/auth/refresh"] = () => json(401, {});
    answers["/api/me"] = () => json(401, {});
    await logIn("ada@example.com", "secret");
    await expect(get()).rejects.toMatchObject({ kind: "signedOut" });
    expect(useSession.getState()).toMatchObject({ state: "expired", user: { email: "ada@example.com" } });
  });

  it("that never was is signed out", async () => {
    answers["/api/auth/refresh"] = () => json(401, {});
    expect(await refresh()).toBe(false);
    expect(useSession.getState().state).toBe("signedOut");
  });
});

describe("failures", () => {
  it("without a network are told apart", async () => {
    await expect(refresh()).rejects.toMatchObject({ kind: "offline", passing: true });
  });

  it("carry the problem document", async () => {
    const body = {
      title: "No",
      detail: "Because.",
      code: "x",
      errors: [{ field: "body.name", message: "Too long." }, 5],
    };
    const error = await checked(json(422, body, "application/problem+json")).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      kind: "problem",
      status: 422,
      code: "x",
      title: "No",
      detail: "Because.",
      passing: false,
    });
    expect((error as ApiError).messageFor("name")).toBe("Too long.");
  });

  it.each([
    [502, "<html>Bad gateway</html>", "problem"],
    [200, "<html>Hotel Wi-Fi</html>", "garbled"],
  ])("of things in between (%i) are no crash", async (status, text, kind) => {
    const response = new Response(text, { status, headers: { "content-type": "text/html" } });
    await expect(checked(response)).rejects.toMatchObject({ kind, status });
  });
});

// Sessions, the caller and their workspace.
import { randomUUID } from "node:crypto";
import { problem } from "../state.mjs";

const session = (state) => [
  200,
  { accessToken: "dev", expiresIn: 900, user: state.user, tenant: state.tenant, role: "owner" },
];
const me = (state) => [200, { user: state.user, tenant: state.tenant, role: "owner" }];

export const account = {
  "POST /api/auth/login": ({ state }, { body }) => {
    if (body.password === "wrong-password") throw problem(401, "Wrong", "wrong_login");
    state.signedOut = false;
    return session(state);
  },
  "POST /api/auth/register": ({ state }) => {
    Object.assign(state, { signedOut: false, scenario: "empty" });
    return session(state);
  },
  "POST /api/auth/refresh": ({ state }, { cookie }) => {
    if (state.signedOut || !cookie.includes("dev_refresh=1")) throw problem(401, "No session", "session_expired");
    return session(state);
  },
  "POST /api/auth/logout": ({ state }) => {
    state.signedOut = true;
    return [204];
  },
  "POST /api/auth/password": ({ state }, { body }) => {
    if (body.currentPassword === "wrong-password") {
      throw problem(422, "Wrong", "wrong_password", { detail: "This is not your password." });
    }
    return session(state);
  },
  "POST /api/sessions/end": ({ state }) => {
    state.signedOut = true;
    return [204];
  },
  "GET /api/me": ({ state }) => me(state),
  "PATCH /api/me": ({ state }, { body }) => {
    state.user.name = body.name;
    return me(state);
  },
  "PATCH /api/tenant": ({ state }, { body }) => {
    state.tenant.name = body.name;
    return me(state);
  },
  "POST /api/live/ticket": () => [200, { ticket: randomUUID(), url: "/live", expiresIn: 60 }],
};

// Sessions, the caller and their workspace.
import { randomUUID } from "node:crypto";
import { problem } from "../state.mjs";

export const PERMISSIONS =
  "workflows.read workflows.write workflows.publish executions.read executions.run approvals.decide credentials.read credentials.use credentials.write store.read store.write variables.read variables.write environments.write members.read members.write projects.write projects.manage policies.write keys.read keys.write usage.read audit.read audit.export tenant.write tenant.export tenant.delete self".split(
    " ",
  );

export const session = (state, status = 200) => [
  status,
  {
    accessToken: "dev",
    expiresIn: 900,
    secondFactorMissing: state.factorMissing ?? false,
    providerOnly: state.providerOnly ?? false,
    user: state.user,
    tenant: state.tenant,
    role: "owner",
    roleName: null,
    permissions: PERMISSIONS,
  },
];
const me = (state) => [
  200,
  { user: state.user, tenant: state.tenant, role: "owner", roleName: null, permissions: PERMISSIONS },
];

const good = (token) => {
  if (token === "old") {
    const detail = "The link was used already, is too old, or is not whole. Ask for another one.";
    throw problem(410, "Gone", "link_invalid", { detail });
  }
};
const wrongPassword = () => {
  const message = "This is not your password.";
  return problem(422, "Wrong", "wrong_password", { detail: message, errors: [{ field: "password", message }] });
};
const hours = (count) => new Date(Date.now() + count * 3_600_000).toISOString();
const at = (state, browser, system, device, address, age, current = false) => ({
  id: randomUUID(),
  workspace: state.tenant.name,
  browser,
  system,
  device,
  address,
  createdAt: hours(-age * 24),
  usedAt: hours(current ? 0 : -age),
  expiresAt: hours((30 - age) * 24),
  current,
});
function sessions(state) {
  state.sessions ??= [
    at(state, "Firefox 133", "Linux", "", "203.0.113.7", 1, true),
    at(state, "Mobile Safari 17", "iOS", "iPhone", "2001:db8:85a3::8a2e:370:7334", 3),
    at(state, "python-httpx", "", "", "198.51.100.23", 12),
  ];
  return state.sessions;
}

export const account = {
  "POST /api/auth/login": ({ state }, { body }) => {
    if (body.password === "wrong-password") throw problem(401, "Wrong", "wrong_login");
    if (body.email === "factor@example.com") {
      const more = { challenge: "c".repeat(43), ways: ["code", "recoveryCode"] };
      throw problem(401, "Show your second factor.", "second_factor_needed", more);
    }
    state.signedOut = false;
    return session(state);
  },
  "POST /api/auth/register": ({ state }, { body }) => {
    // A deployment that sends mail asks to confirm the address first.
    if (body.email.startsWith("confirm")) return [202, { email: body.email }];
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
  "POST /api/sessions/end": ({ state }, { query }) => {
    if (query.get("others") === "true") sessions(state).splice(1);
    else state.signedOut = true;
    return [204];
  },
  "GET /api/sessions": ({ state }) => [200, { items: sessions(state) }],
  "DELETE /api/sessions/{session_id}": ({ state }, _, id) => {
    const found = sessions(state).findIndex((one) => one.id === id);
    if (found >= 0) sessions(state).splice(found, 1);
    return [204];
  },
  "POST /api/auth/confirm": ({ state }, { body }) => {
    good(body.token);
    if (body.password === "wrong-password") throw wrongPassword();
    Object.assign(state, { signedOut: false, scenario: "empty" });
    return session(state, 201);
  },
  "POST /api/auth/reset-mail": (_, { body }) => [202, { email: body.email }],
  "POST /api/auth/reset": ({ state }, { body }) => {
    good(body.token);
    if (body.password.startsWith("password")) {
      const message = "The password is one of the most common ones, if only with digits or signs around it.";
      throw problem(422, "Weak", "weak_password", { detail: message, errors: [{ field: "password", message }] });
    }
    return [200, { email: state.user.email }];
  },
  "POST /api/auth/email": ({ state }, { body }) => {
    good(body.token);
    state.user.email = "ada@engines.example";
    return [200, { email: state.user.email }];
  },
  "POST /api/auth/email/undo": ({ state }, { body }) => {
    good(body.token);
    return [200, { email: state.user.email }];
  },
  "POST /api/me/email": (_, { body }) => {
    if (body.password === "wrong-password") throw wrongPassword();
    return [202, { email: body.email }];
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

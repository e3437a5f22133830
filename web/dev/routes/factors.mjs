// How the caller logs in, and what the workspace asks for.
import { randomUUID } from "node:crypto";
import { problem } from "../state.mjs";

const CODES = Array.from({ length: 10 }, (_, at) => `k${at}7x-m2p9-qr4t-w8yz`);
const PICTURE =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Cpath d='M0 0h3v3H0zM5 0h3v3H5zM0 5h3v3H0zM4 4h1v1H4zM6 5h1v2H6z'/%3E%3C/svg%3E";
const REDIRECT = "http://127.0.0.1:8400/api/auth/oidc/dev/callback";
const of = (state) => {
  state.factors ??= {
    hasApp: false,
    passkeys: [],
    recoveryCodesLeft: 0,
    byProvider: false,
    required: false,
    passkeyDomain: "localhost",
  };
  return state.factors;
};
const fresh = (mine) => {
  if (mine.recoveryCodesLeft > 0) return { codes: [] };
  mine.recoveryCodesLeft = CODES.length;
  return { codes: CODES };
};
const confirmed = (headers) => {
  if (headers["x-confirmation"] !== "dev") throw problem(403, "Show once more who you are.", "confirmation_needed");
};

export const factors = {
  "GET /api/me/factors": ({ state }) => [200, of(state)],
  "POST /api/me/confirm": (_, { body }) => {
    if (body.password === "wrong-password") {
      const errors = [{ field: "password", message: "This is not your password." }];
      throw problem(422, "Wrong", "wrong_password", { errors });
    }
    return [200, { confirmation: "dev", expiresIn: 600 }];
  },
  "POST /api/me/factors/app": (_, { headers }) => {
    confirmed(headers);
    return [201, { secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", uri: "otpauth://totp/Stepweave:a", picture: PICTURE }];
  },
  "POST /api/me/factors/app/confirm": ({ state }, { body }) => {
    if (body.code === "000000") {
      const errors = [{ field: "code", message: "This is not the code that the app shows now." }];
      throw problem(422, "Wrong", "wrong_code", { errors });
    }
    of(state).hasApp = true;
    return [200, fresh(of(state))];
  },
  "DELETE /api/me/factors/app": ({ state }, { headers }) => {
    confirmed(headers);
    of(state).hasApp = false;
    return [204];
  },
  "POST /api/me/factors/recovery-codes": ({ state }, { headers }) => {
    confirmed(headers);
    of(state).recoveryCodesLeft = CODES.length;
    return [200, { codes: CODES }];
  },
  "POST /api/auth/passkey/options": () => [200, { options: { challenge: randomUUID(), rpId: "localhost" } }],
  "POST /api/auth/second-factor": ({ state }, { body }) => {
    if (body.code === "000000") throw problem(401, "The code is wrong.", "wrong_factor");
    state.signedOut = false;
    const { user, tenant } = state;
    return [
      200,
      {
        accessToken: "dev",
        expiresIn: 900,
        secondFactorMissing: false,
        providerOnly: false,
        user,
        tenant,
        role: "owner",
      },
    ];
  },
  "POST /api/me/confirm/options": () => [200, { options: { challenge: randomUUID(), rpId: "localhost" } }],
  "POST /api/me/passkeys/options": (_, { headers }) => {
    confirmed(headers);
    return [200, { options: { challenge: randomUUID() } }];
  },
  "POST /api/me/passkeys": ({ state }, { body }) => {
    const passkey = { id: randomUUID(), name: body.name, createdAt: new Date().toISOString(), lastUsedAt: null };
    of(state).passkeys.push({ ...passkey, backedUp: false, suspectAt: null });
    return [201, { passkey: of(state).passkeys.at(-1), ...fresh(of(state)) }];
  },
  "DELETE /api/me/passkeys/{passkey_id}": ({ state }, _, id) => {
    of(state).passkeys = of(state).passkeys.filter((one) => one.id !== id);
    return [204];
  },
  "GET /api/me/identity": ({ state }) => [200, { provider: state.provider?.name ?? null, linked: false }],
  "POST /api/me/identity": () => [200, { authorizeUrl: "/login" }],
  "DELETE /api/me/identity": () => [204],
  "GET /api/tenant/sign-in": ({ state }) => [200, { provider: state.provider ?? null, redirectUrl: REDIRECT }],
  "PUT /api/tenant/sign-in": ({ state }, { body }) => {
    const { clientSecret: _, ...shown } = body;
    const record = { recordName: "_stepweave", record: "stepweave-domain=5f2c", proven: [] };
    state.provider = { ...shown, ...record, redirectUrl: REDIRECT };
    return [200, state.provider];
  },
  "DELETE /api/tenant/sign-in": ({ state }) => {
    state.provider = undefined;
    return [204];
  },
  "POST /api/tenant/sign-in/domains": ({ state }) => {
    state.provider.proven = state.provider.domains;
    return [200, state.provider];
  },
  "POST /api/auth/oidc/find": (_, { body }) => {
    if (body.workspace !== "acme") throw problem(404, "Not found", "no_sign_in");
    return [200, { workspace: "acme", name: "Corp" }];
  },
  "GET /api/tenant/factors": ({ state }) => [
    200,
    { requiresFactor: state.requiresFactor ?? false, having: of(state).hasApp ? 1 : 0, members: 3 },
  ],
  "PUT /api/tenant/factors": ({ state }, { body }) => {
    if (!of(state).hasApp) {
      const errors = [{ field: "requiresFactor", message: "Set up a second factor for yourself first." }];
      throw problem(422, "Set one up first.", "no_factor_yet", { errors });
    }
    state.requiresFactor = body.requiresFactor;
    return [200, { requiresFactor: state.requiresFactor, having: 1, members: 3 }];
  },
};

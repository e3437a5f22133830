// Members, roles, invitations, workspaces.
import { randomUUID } from "node:crypto";
import { problem } from "../state.mjs";
import { PERMISSIONS, session } from "./account.mjs";

const ALL = PERMISSIONS;
const READ = ALL.filter((one) => /read$|decide|self/.test(one) && !/keys|audit/.test(one));
const EVERY = [
  ["owner", ALL],
  ["admin", ALL.filter((one) => one !== "tenant.delete")],
  [
    "editor",
    [
      ...READ,
      "executions.run",
      "workflows.write",
      "workflows.publish",
      "credentials.use",
      "store.write",
      "variables.write",
    ],
  ],
  ["operator", [...READ, "executions.run"]],
  ["viewer", READ],
].map(([role, permissions]) => ({ role, id: null, name: role, permissions, members: null }));
const days = (count) => new Date(Date.now() + count * 86_400_000).toISOString();
const plain = { roleId: null, roleName: null };

function of(state) {
  state.people ??= {
    members: [
      { ...state.user, role: "owner", ...plain, since: days(-90) },
      { id: randomUUID(), email: "grace@example.com", name: "Grace", role: "editor", ...plain, since: days(-12) },
      { id: randomUUID(), email: "kay@example.com", name: "Katherine", role: "operator", ...plain, since: days(-3) },
    ],
    roles: [],
    invitations: [],
  };
  return state.people;
}
const named = (state, body) => ({
  role: body.role,
  roleId: body.roleId ?? null,
  roleName: of(state).roles.find((one) => one.id === body.roleId)?.name ?? null,
});
const counted = (state, role) => ({
  ...role,
  members: of(state).members.filter((one) => one.roleId === role.id).length,
});

export const people = {
  "GET /api/members": ({ state }) => [200, { items: of(state).members }],
  "PATCH /api/members/{user_id}": ({ state }, { params, body }) => {
    const member = of(state).members.find((one) => one.id === params.user_id);
    if (member.role === "owner") {
      throw problem(409, "Last", "last_owner", { detail: "A workspace keeps an owner: make somebody else one first." });
    }
    return [200, Object.assign(member, named(state, body))];
  },
  "DELETE /api/members/{user_id}": ({ state }, { params }) => {
    of(state).members = of(state).members.filter((one) => one.id !== params.user_id);
    return [204];
  },
  "POST /api/members/leave": () => {
    throw problem(409, "Last", "last_owner", { detail: "A workspace keeps an owner: make somebody else one first." });
  },
  "GET /api/roles": ({ state }) => [200, { items: [...EVERY, ...of(state).roles.map((one) => counted(state, one))] }],
  "POST /api/roles": ({ state }, { body }) => {
    const role = { role: "custom", id: randomUUID(), ...body, members: 0 };
    of(state).roles.push(role);
    return [201, role];
  },
  "PUT /api/roles/{role_id}": ({ state }, { params, body }) => [
    200,
    counted(
      state,
      Object.assign(
        of(state).roles.find((one) => one.id === params.role_id),
        body,
      ),
    ),
  ],
  "DELETE /api/roles/{role_id}": ({ state }, { params }) => {
    of(state).roles = of(state).roles.filter((one) => one.id !== params.role_id);
    return [204];
  },
  "GET /api/invitations": ({ state }) => [200, { items: of(state).invitations }],
  "POST /api/invitations": ({ state }, { body }) => {
    if (of(state).invitations.some((one) => one.email === body.email)) {
      const detail = "Whoever has this address is asked already: send the mail again, or withdraw it first.";
      throw problem(409, "Asked", "already_invited", { detail });
    }
    const times = { invitedBy: state.user.name, sentAt: days(0), expiresAt: days(7) };
    const made = { id: randomUUID(), email: body.email, ...named(state, body), ...times };
    of(state).invitations.unshift(made);
    return [201, made];
  },
  "POST /api/invitations/{invitation_id}/resend": ({ state }, { params }) => [
    200,
    of(state).invitations.find((one) => one.id === params.invitation_id),
  ],
  "DELETE /api/invitations/{invitation_id}": ({ state }, { params }) => {
    of(state).invitations = of(state).invitations.filter((one) => one.id !== params.invitation_id);
    return [204];
  },
  "POST /api/auth/invitation": (_, { body }) => {
    if (body.token === "old") throw problem(410, "Gone", "invitation_gone");
    const email = body.token === "known" ? "grace@example.com" : "new@example.com";
    const asked = { tenant: "Night shift", inviter: "Ada", email, role: "editor", roleName: null };
    return [200, { ...asked, hasAccount: body.token === "known", expiresAt: days(7) }];
  },
  "POST /api/auth/invitation/accept": ({ state }) => session(state),
  "POST /api/auth/switch": ({ state }) => session(state),
  "POST /api/tenants": ({ state }) => session(state, 201),
  "GET /api/tenants": ({ state }) => [
    200,
    {
      items: [
        { ...state.tenant, role: "owner", roleName: null },
        {
          id: "7d0e2c1a-0000-4000-8000-000000000002",
          name: "Night shift",
          slug: "night-shift",
          role: "viewer",
          roleName: null,
        },
      ].map(({ id, name, slug, role, roleName }) => ({ id, name, slug, role, roleName })),
    },
  ],
};

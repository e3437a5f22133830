// Exports, and the deletion of the account and the workspace.
import { problem } from "../state.mjs";

const wrong = (field, message) =>
  problem(422, "Not valid", "invalid_request", { detail: message, errors: [{ field, message }] });

export const leaving = {
  "GET /api/tenant/deletion": ({ state }) => [200, { deleteAfter: state.deleteAfter ?? null }],
  "POST /api/tenant/deletion": ({ state }, { body }) => {
    if (body.name !== state.tenant.name) throw wrong("name", "This is not the name of the workspace.");
    state.deleteAfter = new Date(Date.now() + 7 * 86_400_000).toISOString();
    return [200, { deleteAfter: state.deleteAfter }];
  },
  "DELETE /api/tenant/deletion": ({ state }) => {
    state.deleteAfter = null;
    return [204];
  },
  "GET /api/me/export": ({ state }) => [200, { account: state.user, membership: { role: "owner" } }],
  "POST /api/me/delete": () => {
    throw problem(409, "Conflict", "last_owner", { detail: "You are the only owner of a workspace." });
  },
};

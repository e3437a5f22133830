// What models cost and remember, and chats: nothing is kept here, so answers say what was asked.
import { problem } from "../state.mjs";

export const models = {
  "PUT /api/models/prices": (_, { body }) => [200, body],
  "DELETE /api/models/prices": () => [204],
  "PUT /api/spending/budget": (_, { body }) => [200, { budget: body }],
  "POST /api/memory/talks/delete": (_, { body }) => [200, { deleted: body.ids?.length ?? 0 }],
  "POST /api/chats/entry": () => {
    throw problem(404, "There is no such chat", "not_found");
  },
};

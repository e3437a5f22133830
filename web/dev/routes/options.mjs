// Choices that a made-up provider has: tables with columns, repositories with labels.
import { find, problem } from "../state.mjs";

const one = (value, detail = "", required = false) => ({ value, label: value, detail, required });
const COLUMNS = [one("id", "integer"), one("customer", "text, required", true), one("amount", "numeric(8,2)")];
const REPOSITORIES = Array.from({ length: 120 }, (_, index) => one(`repository-${index + 1}`, `Number ${index + 1}`));
const KNOWN = {
  "database table": [one("orders", "public"), one("customers", "public"), one("sales.invoices", "view")],
  "database columns.name": COLUMNS.slice(1),
  "database match.name": COLUMNS,
  "execute_workflow values.name": [
    one("orderId", "number, required: The order's", true),
    one("urgent", "true or false, false by default"),
  ],
  "github repository": REPOSITORIES,
  "github issueListLabels": [one("bug", "Something is wrong"), one("ui"), one("docs")],
};
const PAGE = 50;

export const options = {
  "POST /api/node-types/{type}/options": async ({ state }, { body }, type) => {
    if (state.scenario === "slow") await new Promise((resolve) => setTimeout(resolve, 60_000));
    if (state.scenario === "failing") {
      const detail = "The database does not answer. Try again; check that it runs and the credential names it.";
      throw problem(422, "Not valid", "options_failed", { detail, errors: [{ field: body.field, message: detail }] });
    }
    const known = KNOWN[`${type} ${body.field}`];
    if (!known) throw problem(422, "Not valid", "invalid_request", { detail: "There is no such field." });
    if (type === "execute_workflow") find(state.workflows, body.params.workflowId);
    else find(state.credentials, body.params.credential);
    const found = state.scenario === "empty" ? [] : known.filter(({ value }) => value.includes(body.search));
    const from = Number(body.page ?? 0);
    const next = found.length > from + PAGE ? String(from + PAGE) : null;
    return [200, { options: found.slice(from, from + PAGE), next, cut: false }];
  },
};

// Keys and tables of projects.
import { randomUUID } from "node:crypto";
import { find, problem } from "../state.mjs";
import { EVERYONE } from "./projects.mjs";

const now = () => new Date().toISOString();
/** A table as it is told: its rows are a list of their own. */
const told = ({ rows, last: _, ...table }) => ({ ...table, rows: rows.length });
const columnsOf = (columns) => columns.map(({ name, type }) => ({ id: randomUUID(), name, type }));
const rowOf = (table, id) => find(table.rows, Number(id));

function inserted(table, values) {
  table.last = (table.last ?? 0) + 1;
  const row = { id: table.last, values, createdAt: now(), updatedAt: now() };
  table.rows.push(row);
  return row;
}

/** What the fake keeps a store under: its project, where that is not the one of all members, and its name. */
const placed = (name, project) => (project && project !== EVERYONE ? `${project} ${name}` : name);
const asked = (query) => placed(query.get("store"), query.get("projectId"));

function entriesOf(state, store) {
  const entries = state.stores[store];
  if (!entries) throw problem(404, "There is no such store", "not_found");
  return entries;
}

const tables = {
  "GET /api/tables": ({ state }) => [200, { items: state.tables.map(told) }],
  "POST /api/tables": ({ state }, { body }) => {
    const projectId = body.projectId ?? EVERYONE;
    const made = {
      id: randomUUID(),
      projectId,
      name: body.name,
      columns: columnsOf(body.columns),
      rows: [],
      updatedAt: now(),
    };
    state.tables.push(made);
    return [201, told(made)];
  },
  "GET /api/tables/{table_id}": ({ state }, _, id) => [200, told(find(state.tables, id))],
  "PUT /api/tables/{table_id}": ({ state }, { body }, id) => {
    const table = Object.assign(find(state.tables, id), { name: body.name, updatedAt: now() });
    return [200, told(table)];
  },
  "PUT /api/tables/{table_id}/project": ({ state }, { body }, id) => {
    find(state.tables, id).projectId = body.projectId;
    return [204];
  },
  "DELETE /api/tables/{table_id}": ({ state }, _, id) => {
    const gone = find(state.tables, id);
    state.tables = state.tables.filter((table) => table !== gone);
    return [204];
  },
  "POST /api/tables/{table_id}/columns": ({ state }, { body }, id) => {
    const table = find(state.tables, id);
    table.columns.push(...columnsOf([body]));
    return [201, told(table)];
  },
  "PUT /api/tables/{table_id}/columns/{column_id}": ({ state }, { body }, id, columnId) => {
    const table = find(state.tables, id);
    const column = find(table.columns, columnId);
    for (const { values } of table.rows) {
      values[body.name] = values[column.name];
      delete values[column.name];
    }
    column.name = body.name;
    return [200, told(table)];
  },
  "DELETE /api/tables/{table_id}/columns/{column_id}": ({ state }, _, id, columnId) => {
    const table = find(state.tables, id);
    const gone = find(table.columns, columnId);
    table.columns = table.columns.filter((column) => column !== gone);
    for (const { values } of table.rows) delete values[gone.name];
    return [200, told(table)];
  },
  // Neither filtered nor sorted.
  "POST /api/tables/{table_id}/rows/query": ({ state }, { body }, id) => {
    const { rows } = find(state.tables, id);
    const skip = body.skip ?? 0;
    return [200, { items: rows.slice(skip, skip + (body.limit ?? 50)), total: rows.length }];
  },
  "POST /api/tables/{table_id}/rows": ({ state }, { body }, id) => {
    const table = find(state.tables, id);
    return [201, { items: body.rows.map((values) => inserted(table, values)) }];
  },
  // Commas alone, without quotes.
  "GET /api/tables/{table_id}/csv": ({ state }, _, id) => {
    const { rows, columns } = find(state.tables, id);
    const names = columns.map(({ name }) => name);
    const lines = [names, ...rows.map(({ values }) => names.map((name) => values[name] ?? ""))];
    return [200, { csv: lines.map((cells) => `${cells.join(",")}\r\n`).join(""), nextAfter: null }];
  },
  "POST /api/tables/{table_id}/csv": ({ state }, { body }, id) => {
    const table = find(state.tables, id);
    const [head = "", ...lines] = body.csv.trim().split(/\r?\n/);
    const known = new Set(table.columns.map(({ name }) => name));
    const headers = head.split(",").map((header) => {
      const column = body.columns ? body.columns[header] : header;
      return { header, column: known.has(column) ? column : null };
    });
    const cells = lines.map((line) => line.split(","));
    const long = cells.findIndex((row) => row.length > headers.length);
    if (long >= 0) {
      const detail = `Line ${long + 2} has ${cells[long].length} cells, and there are ${headers.length} headers.`;
      throw problem(422, "Not valid", "invalid_request", { detail, errors: [{ field: "csv", message: detail }] });
    }
    if (!body.dryRun) {
      for (const row of cells) {
        const given = headers.flatMap(({ column }, index) => (column ? [[column, row[index] ?? null]] : []));
        inserted(table, Object.fromEntries(given));
      }
    }
    const told = { delimiter: "comma", headers, rows: cells.length, inserted: cells.length, updated: 0 };
    return [200, { ...told, sample: cells.slice(0, 5) }];
  },
  "PUT /api/tables/{table_id}/rows/{row_id}": ({ state }, { body }, id, rowId) => {
    const row = rowOf(find(state.tables, id), rowId);
    Object.assign(row.values, body.values);
    row.updatedAt = now();
    return [200, row];
  },
  "POST /api/tables/{table_id}/rows/delete": ({ state }, { body }, id) => {
    const table = find(state.tables, id);
    const before = table.rows.length;
    table.rows = table.rows.filter((row) => !body.ids.includes(row.id));
    return [200, { deleted: before - table.rows.length }];
  },
};

const keys = {
  "GET /api/stores": ({ state }) => [
    200,
    {
      items: Object.entries(state.stores).map(([place, entries]) => {
        const [, projectId = EVERYONE, name] = /^(?:([0-9a-f-]{36}) )?(.*)$/.exec(place);
        return { name, keys: entries.length, projectId };
      }),
    },
  ],
  "GET /api/stores/entries": ({ state }, { query }) => {
    const entries = state.stores[asked(query)] ?? [];
    return [200, { items: entries.filter(({ key }) => key.startsWith(query.get("prefix") ?? "")), nextAfter: null }];
  },
  "PUT /api/stores/entries": ({ state }, { body: { store: name, projectId, key, value, ttl } }) => {
    const store = placed(name, projectId);
    const expiresAt = ttl ? new Date(Date.now() + ttl * 1000).toISOString() : null;
    const entry = { key, value, expiresAt, updatedAt: now() };
    state.stores[store] = [...(state.stores[store] ?? []).filter((other) => other.key !== key), entry];
    return [200, entry];
  },
  "DELETE /api/stores/entries": ({ state }, { query }) => {
    const store = asked(query);
    state.stores[store] = entriesOf(state, store).filter(({ key }) => key !== query.get("key"));
    return [204];
  },
  "DELETE /api/stores": ({ state }, { query }) => {
    const deleted = entriesOf(state, asked(query)).length;
    delete state.stores[asked(query)];
    return [200, { deleted }];
  },
  "PUT /api/stores/project": ({ state }, { query, body }) => {
    const to = placed(query.get("store"), body.projectId);
    state.stores[to] = entriesOf(state, asked(query));
    delete state.stores[asked(query)];
    return [204];
  },
};

export const store = { ...tables, ...keys };

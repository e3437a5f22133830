/** The store: keys and tables of projects. Routes, and their query hooks. */

import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, dataOf } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Table = Schemas["TableResponse"];
export type Column = Schemas["ColumnResponse"];
export type ColumnType = Column["type"];
export type Row = Schemas["RowResponse"];
export type Entry = Schemas["EntryResponse"];
export type CsvRequest = Schemas["CsvRequest"];
export type Imported = Schemas["ImportedResponse"];
export type RowsRequest = Schemas["RowsRequest"];
type Values = Record<string, unknown>;

export const ROWS_A_PAGE = 50;
const TABLES = ["store", "tables"] as const;
const STORES = ["store", "keys"] as const;
const rowsOf = (id: string) => ["store", "rows", id] as const;
const ofTable = (id: string) => ({ params: { path: { table_id: id } } });

export function useTables() {
  return useQuery({
    queryKey: TABLES,
    queryFn: async ({ signal }) => (await dataOf(client.GET("/api/tables", { signal }))).items,
  });
}

export function useTable(id: string) {
  return useQuery({
    queryKey: [...TABLES, id],
    queryFn: ({ signal }) => dataOf(client.GET("/api/tables/{table_id}", { ...ofTable(id), signal })),
  });
}

export function useRows(id: string, wanted: RowsRequest) {
  return useQuery({
    queryKey: [...rowsOf(id), wanted],
    queryFn: ({ signal }) =>
      dataOf(client.POST("/api/tables/{table_id}/rows/query", { ...ofTable(id), body: wanted, signal })),
    placeholderData: keepPreviousData,
  });
}

export function useStores() {
  return useQuery({
    queryKey: STORES,
    queryFn: async ({ signal }) => (await dataOf(client.GET("/api/stores", { signal }))).items,
  });
}

/** A store: its name, and its project where it is not the one of all members. */
export interface Named {
  store: string;
  projectId?: string | undefined;
}

const named = ({ store, projectId }: Named) => ({ store, ...(projectId ? { projectId } : {}) });

export function useEntries(of: Named, prefix: string) {
  return useInfiniteQuery({
    queryKey: [...STORES, of.store, of.projectId ?? "", prefix],
    queryFn: ({ pageParam, signal }) =>
      dataOf(
        client.GET("/api/stores/entries", { params: { query: { ...named(of), prefix, after: pageParam } }, signal }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextAfter ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** Does something, and marks what it touches as stale. */
function useChanging<Input, Output>(keys: readonly (readonly unknown[])[], work: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSettled: () => Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}

export const useCreateTable = () =>
  useChanging([TABLES], (body: { name: string; columns: { name: string; type: ColumnType }[]; projectId?: string }) =>
    dataOf(client.POST("/api/tables", { body })),
  );

export const useRenameTable = () =>
  useChanging([TABLES], ({ id, name }: { id: string; name: string }) =>
    dataOf(client.PUT("/api/tables/{table_id}", { ...ofTable(id), body: { name } })),
  );

export const useDeleteTable = () =>
  useChanging([TABLES], (id: string) => client.DELETE("/api/tables/{table_id}", ofTable(id)));

export const useAddColumn = (id: string) =>
  useChanging([TABLES, rowsOf(id)], (body: { name: string; type: ColumnType }) =>
    dataOf(client.POST("/api/tables/{table_id}/columns", { ...ofTable(id), body })),
  );

export const useRenameColumn = (id: string) =>
  useChanging([TABLES, rowsOf(id)], ({ column, name }: { column: string; name: string }) =>
    dataOf(
      client.PUT("/api/tables/{table_id}/columns/{column_id}", {
        params: { path: { table_id: id, column_id: column } },
        body: { name },
      }),
    ),
  );

export const useRemoveColumn = (id: string) =>
  useChanging([TABLES, rowsOf(id)], (column: string) =>
    dataOf(
      client.DELETE("/api/tables/{table_id}/columns/{column_id}", {
        params: { path: { table_id: id, column_id: column } },
      }),
    ),
  );

export const useInsertRows = (id: string) =>
  useChanging([TABLES, rowsOf(id)], (rows: Values[]) =>
    dataOf(client.POST("/api/tables/{table_id}/rows", { ...ofTable(id), body: { rows } })),
  );

export const useChangeRow = (id: string) =>
  useChanging([rowsOf(id)], ({ row, values }: { row: number; values: Values }) =>
    dataOf(
      client.PUT("/api/tables/{table_id}/rows/{row_id}", {
        params: { path: { table_id: id, row_id: row } },
        body: { values },
      }),
    ),
  );

export const useDeleteRows = (id: string) =>
  useChanging([TABLES, rowsOf(id)], (ids: number[]) =>
    dataOf(client.POST("/api/tables/{table_id}/rows/delete", { ...ofTable(id), body: { ids } })),
  );

/** What an import would do; nothing is written. */
export function useImportTrial(id: string, wanted: CsvRequest | null) {
  return useQuery({
    queryKey: ["store", "import", id, wanted],
    queryFn: ({ signal }) => imported(id, { ...(wanted as CsvRequest), dryRun: true }, signal),
    enabled: wanted !== null,
    placeholderData: keepPreviousData,
    // What is wrong with the text stays wrong; nothing of a text is kept once the dialog is closed.
    retry: false,
    refetchOnWindowFocus: false,
    gcTime: 0,
  });
}

export const useImport = (id: string) => useChanging([TABLES, rowsOf(id)], (body: CsvRequest) => imported(id, body));

const imported = (id: string, body: CsvRequest, signal?: AbortSignal) =>
  dataOf(client.POST("/api/tables/{table_id}/csv", { ...ofTable(id), body, ...(signal ? { signal } : {}) }));

/** A whole table as CSV, read page by page. */
export async function tableAsCsv(id: string): Promise<string[]> {
  const parts: string[] = [];
  let after: number | null = 0;
  while (after !== null) {
    const query: { after: number; bom: boolean } = { after, bom: true };
    const page: Schemas["CsvResponse"] = await dataOf(
      client.GET("/api/tables/{table_id}/csv", { params: { ...ofTable(id).params, query } }),
    );
    parts.push(page.csv);
    after = page.nextAfter;
  }
  return parts;
}

export const useSetEntry = () =>
  useChanging([STORES], ({ key, value, ttl, ...of }: Named & { key: string; value: unknown; ttl: number | null }) =>
    dataOf(client.PUT("/api/stores/entries", { body: { ...named(of), key, value, ttl } })),
  );

export const useDeleteEntry = () =>
  useChanging([STORES], ({ key, ...of }: Named & { key: string }) =>
    client.DELETE("/api/stores/entries", { params: { query: { ...named(of), key } } }),
  );

export const useEmptyStore = () =>
  useChanging([STORES], (of: Named) => dataOf(client.DELETE("/api/stores", { params: { query: named(of) } })));

export const useMoveStore = () =>
  useChanging([STORES], ({ to, ...of }: Named & { to: string }) =>
    client.PUT("/api/stores/project", { params: { query: named(of) }, body: { projectId: to } }),
  );

export const useMoveTable = () =>
  useChanging([TABLES], ({ id, projectId }: { id: string; projectId: string }) =>
    client.PUT("/api/tables/{table_id}/project", { ...ofTable(id), body: { projectId } }),
  );

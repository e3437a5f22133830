import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import type { ListOrder, ListStatus, WorkflowFilter } from "../../api/organising";

const STATUSES: readonly string[] = ["published", "disabled", "draft"];
const ORDERS: readonly string[] = ["updated", "created", "name"];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What is looked for, kept in the address: a list can be sent to somebody, and "back" goes back to it. */
export function useListFilter() {
  const [params, setParams] = useSearchParams();
  const filter = useMemo<WorkflowFilter>(() => {
    const status = params.get("status") ?? "";
    const sort = params.get("sort") ?? "";
    const folderId = params.get("folder") ?? "";
    return {
      search: params.get("q") ?? "",
      status: STATUSES.includes(status) ? (status as ListStatus) : "",
      folderId: UUID.test(folderId) ? folderId : "",
      projectId: UUID.test(params.get("project") ?? "") ? (params.get("project") ?? "") : "",
      tagIds: params.getAll("tag").filter((id) => UUID.test(id)),
      sort: ORDERS.includes(sort) ? (sort as ListOrder) : "updated",
    };
  }, [params]);
  const change = useCallback(
    (changes: Partial<WorkflowFilter>) => {
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          const put = (name: string, value: string | undefined, standard = "") => {
            if (value === undefined) return;
            if (value === standard) next.delete(name);
            else next.set(name, value);
          };
          put("q", changes.search);
          put("status", changes.status);
          put("folder", changes.folderId);
          put("project", changes.projectId);
          put("sort", changes.sort, "updated");
          if (changes.tagIds) {
            next.delete("tag");
            for (const id of changes.tagIds) next.append("tag", id);
          }
          return next;
        },
        // Typing is one step of "back", going to a folder another.
        { replace: changes.folderId === undefined && changes.projectId === undefined },
      );
    },
    [setParams],
  );
  return { filter, change };
}

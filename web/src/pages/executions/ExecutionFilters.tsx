import { useEffect } from "react";
import { useEnvironments } from "../../api/environments";
import { useWorkflows } from "../../api/queries";
import { strings } from "../../strings";
import { SearchInput } from "../../ui/SearchInput";
import { Select } from "../../ui/Select";
import { useChosen } from "../useChosen";
import { COSTS, SPANS, type Span } from "./useFilter";

const t = strings.executions;
const STATUSES = ["queued", "running", "succeeded", "failed", "cancelled", "timed_out"];
const OPEN = "queued,running";
const BAD = "failed,timed_out";
const TRIGGERS = ["manual", "webhook", "form", "chat", "schedule", "app", "workflow", "error"];
/** Pages of workflows that can be chosen from. */
const MOST_PAGES = 10;

/** What the list of executions is narrowed by. It stands in the address, so it can be linked to. */
export function ExecutionFilters() {
  const { chosen, choose } = useChosen();
  const workflows = useAllWorkflows();
  const places = useEnvironments().data ?? [];
  return (
    <>
      <Select
        label={t.filterWorkflow}
        value={chosen("workflow")}
        onChange={choose("workflow")}
        options={[
          { value: "", label: t.anyWorkflow },
          ...workflows.map((workflow) => ({ value: workflow.id, label: workflow.name })),
        ]}
        className="max-sm:w-full sm:w-56"
      />
      <Select
        label={t.filterStatus}
        value={chosen("status")}
        onChange={choose("status")}
        options={[
          { value: "", label: t.anyStatus },
          { value: OPEN, label: t.open },
          { value: BAD, label: t.bad },
          ...STATUSES.map((value) => ({ value, label: strings.status[value] ?? value })),
        ]}
        className="max-sm:w-[calc(50%-4px)] sm:max-w-36"
      />
      <Select
        label={t.filterTrigger}
        value={chosen("trigger")}
        onChange={choose("trigger")}
        options={[
          { value: "", label: t.anyTrigger },
          ...TRIGGERS.map((value) => ({ value, label: strings.triggers[value] ?? value })),
        ]}
        className="max-sm:w-[calc(50%-4px)] sm:max-w-36"
      />
      {places.length > 1 && (
        <Select
          label={strings.environments.filter}
          value={chosen("environment")}
          onChange={choose("environment")}
          options={[
            { value: "", label: strings.environments.any },
            ...places.map(({ key, name }) => ({ value: key, label: name })),
          ]}
          className="max-sm:w-[calc(50%-4px)] sm:max-w-40"
        />
      )}
      <Select
        label={t.filterTime}
        value={chosen("since")}
        onChange={choose("since")}
        options={[
          { value: "", label: t.anyTime },
          ...Object.keys(SPANS).map((value) => ({ value, label: t.spans[value as Span] })),
        ]}
        className="max-sm:w-[calc(50%-4px)] sm:max-w-36"
      />
      <Select
        label={t.filterCost}
        value={chosen("cost")}
        onChange={choose("cost")}
        options={[{ value: "", label: t.anyCost }, ...COSTS.map((value) => ({ value, label: t.costs(value) }))]}
        className="max-sm:w-[calc(50%-4px)] sm:max-w-36"
      />
      <SearchInput
        label={t.filterError}
        value={chosen("error")}
        pause={300}
        onChange={(text) => choose("error")(text.trim())}
        className="max-sm:w-[calc(50%-4px)] sm:max-w-52"
      />
    </>
  );
}

/** Workflows to choose from: as many pages as there are, up to a limit. */
function useAllWorkflows() {
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = useWorkflows("");
  const more = hasNextPage && !isFetching && !isError && (data?.pages.length ?? 0) < MOST_PAGES;
  useEffect(() => {
    if (more) void fetchNextPage();
  }, [more, fetchNextPage]);
  return data?.pages.flatMap((page) => page.items) ?? [];
}

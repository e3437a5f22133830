import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useEffect } from "react";
import type { AnalyticsQuery } from "../../api/analytics";
import { useWorkflows } from "../../api/queries";
import { TimeZoneSelect } from "../../fields/TimeZoneSelect";
import { strings } from "../../strings";
import { Input } from "../../ui/Form";
import { Select } from "../../ui/Select";
import { BINS, CUSTOM, type Name, RANGES } from "./useAsked";

const t = strings.analytics;
const TRIGGERS = ["manual", "webhook", "form", "chat", "schedule", "app", "workflow", "error"];
const MOST_PAGES = 10;
const DAY_MS = 86_400_000;

interface FiltersProps {
  query: AnalyticsQuery;
  change(values: Partial<Record<Name, string>>): void;
}

/** What is looked at; all of it stands in the address. */
export function Filters({ query, change }: FiltersProps) {
  const workflows = useAllWorkflows();
  const custom = Boolean(query.from || query.to);
  const id = query.workflowId ?? "";
  const known = workflows.some((one) => one.id === id);
  return (
    // biome-ignore lint/a11y/useSemanticElements: what is chosen counts at once; there is no form to send.
    <div role="group" aria-label={t.filters} className="mb-4 flex flex-wrap items-center gap-2">
      <Select
        label={t.range}
        value={custom ? CUSTOM : (query.range ?? "7d")}
        onChange={(value) => {
          const today = new Date().toISOString().slice(0, 10);
          const before = new Date(Date.now() - 6 * DAY_MS).toISOString().slice(0, 10);
          change(
            value === CUSTOM ? { range: "", from: before, to: today } : { range: value, from: "", to: "", bin: "" },
          );
        }}
        options={[...RANGES, CUSTOM].map((value) => ({ value, label: t.ranges[value] ?? value }))}
        className="max-sm:w-[calc(50%-4px)] sm:w-40"
      />
      {custom && (
        <>
          <Day label={t.from} value={query.from ?? ""} onChange={(from) => change({ from, bin: "" })} />
          <Day label={t.to} value={query.to ?? ""} onChange={(to) => change({ to, bin: "" })} />
        </>
      )}
      <Select
        label={t.bin}
        value={query.bin ?? "auto"}
        onChange={(bin) => change({ bin: bin === "auto" ? "" : bin })}
        options={BINS.map((value) => ({ value, label: t.bins[value] ?? value }))}
        className="max-sm:w-[calc(50%-4px)] sm:w-32"
      />
      <div className="max-sm:w-full sm:w-44">
        <TimeZoneSelect
          label={t.zone}
          value={query.zone ?? "UTC"}
          onChange={(zone) => change({ zone })}
          emptyLabel={null}
        />
      </div>
      <Select
        label={t.workflow}
        value={id}
        onChange={(workflow) => change({ workflow, node: "", version: "" })}
        options={[
          { value: "", label: t.anyWorkflow },
          ...(id && !known ? [{ value: id, label: t.deletedWorkflow }] : []),
          ...workflows.map((one) => ({ value: one.id, label: one.name })),
        ]}
        className="max-sm:w-full sm:w-52"
      />
      <Select
        label={t.trigger}
        value={query.trigger ?? ""}
        onChange={(trigger) => change({ trigger })}
        options={[
          { value: "", label: t.anyTrigger },
          ...TRIGGERS.map((value) => ({ value, label: strings.triggers[value] ?? value })),
        ]}
        className="max-sm:w-[calc(50%-4px)] sm:w-36"
      />
      {query.nodeId && <Chip label={t.onlyNode(query.nodeId)} onDrop={() => change({ node: "" })} />}
      {query.version && <Chip label={t.onlyVersion(String(query.version))} onDrop={() => change({ version: "" })} />}
    </div>
  );
}

function Day({ label, value, onChange }: { label: string; value: string; onChange(value: string): void }) {
  return (
    <Input
      type="date"
      aria-label={label}
      value={value}
      min="2000-01-01"
      max="2199-12-31"
      onChange={(event) => event.target.value && onChange(event.target.value)}
      className="max-sm:w-[calc(50%-4px)] sm:w-36"
    />
  );
}

function Chip({ label, onDrop }: { label: string; onDrop(): void }): ReactNode {
  return (
    <button
      type="button"
      onClick={onDrop}
      aria-label={t.drop(label)}
      className="inline-flex h-7 max-w-60 items-center gap-1 rounded-full bg-accent-soft px-2.5 font-medium text-accent text-xs"
    >
      <span className="truncate">{label}</span>
      <X size={12} aria-hidden />
    </button>
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

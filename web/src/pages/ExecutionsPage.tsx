import { useQueryClient } from "@tanstack/react-query";
import { Activity, ListFilter } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Link, useSearchParams } from "react-router";
import type { ExecutionFilter } from "../api/endpoints";
import { keys, useExecutions, useWorkflows } from "../api/queries";
import { useSession } from "../api/session";
import type { Execution } from "../api/types";
import { useExecutionNews, useLiveStatus } from "../live/live";
import { isOver } from "../run/state";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Input } from "../ui/Form";
import { Select } from "../ui/Select";
import { Empty, Failed, LoadingRows } from "../ui/States";
import { StatusBadge, StatusIcon } from "../ui/Status";
import { ago, dateTime, duration } from "../ui/time";
import { PageFrame } from "./PageFrame";

const t = strings.executions;
const STATUSES = ["queued", "running", "succeeded", "failed", "cancelled", "timed_out"];
const OPEN = "queued,running";
const BAD = "failed,timed_out";
const TRIGGERS = ["manual", "webhook", "schedule", "workflow", "error"];
const SPANS = { hour: 1, day: 24, week: 168, month: 720 };
type Span = keyof typeof SPANS;

export function ExecutionsPage() {
  const [params, setParams] = useSearchParams();
  const filter: ExecutionFilter = {
    workflowId: params.get("workflow") ?? "",
    status: params.get("status") ?? "",
    trigger: params.get("trigger") ?? "",
    error: params.get("error") ?? "",
    from: useSince(params.get("since") ?? ""),
  };
  const filtered = Object.values(filter).some(Boolean);
  const query = useExecutions(filter);
  const workflows = useWorkflows("");
  const tenant = useSession((session) => session.tenant?.id);
  const client = useQueryClient();
  useExecutionNews(
    tenant ? `tenant:${tenant}` : null,
    useCallback(() => void client.invalidateQueries({ queryKey: keys.executions }), [client]),
  );
  const executions = query.data?.pages.flatMap((page) => page.items) ?? [];
  const choose = (name: string) => (value: string) =>
    setParams(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true },
    );

  return (
    <PageFrame
      title={t.title}
      aside={<LiveSign />}
      tools={
        <>
          <Select
            label={t.filterWorkflow}
            value={filter.workflowId ?? ""}
            onChange={choose("workflow")}
            options={[
              { value: "", label: t.anyWorkflow },
              ...(workflows.data?.pages ?? []).flatMap((page) =>
                page.items.map((workflow) => ({ value: workflow.id, label: workflow.name })),
              ),
            ]}
            className="max-w-56 sm:w-56"
          />
          <Select
            label={t.filterStatus}
            value={filter.status ?? ""}
            onChange={choose("status")}
            options={[
              { value: "", label: t.anyStatus },
              { value: OPEN, label: t.open },
              { value: BAD, label: t.bad },
              ...STATUSES.map((value) => ({ value, label: strings.status[value] ?? value })),
            ]}
            className="max-w-36"
          />
          <Select
            label={t.filterTrigger}
            value={filter.trigger ?? ""}
            onChange={choose("trigger")}
            options={[
              { value: "", label: t.anyTrigger },
              ...TRIGGERS.map((value) => ({ value, label: strings.triggers[value] ?? value })),
            ]}
            className="max-w-36"
          />
          <Select
            label={t.filterTime}
            value={params.get("since") ?? ""}
            onChange={choose("since")}
            options={[
              { value: "", label: t.anyTime },
              ...Object.keys(SPANS).map((value) => ({ value, label: t.spans[value as Span] })),
            ]}
            className="max-w-36"
          />
          <ErrorSearch value={filter.error ?? ""} onChange={choose("error")} />
        </>
      }
    >
      {query.isPending && <LoadingRows rows={8} />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && executions.length === 0 && <NoExecutions filtered={filtered} />}
      {executions.length > 0 && (
        <ul className="divide-y divide-line">
          {executions.map((execution) => (
            <ExecutionRow key={execution.id} execution={execution} />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <div className="flex justify-center border-line border-t p-3">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {strings.common.loadMore}
          </Button>
        </div>
      )}
    </PageFrame>
  );
}

/** The moment so long ago, fixed while the choice stays, so that pages fit together. */
function useSince(span: string): string {
  return useMemo(() => {
    const hours = SPANS[span as Span];
    return hours ? new Date(Date.now() - hours * 3_600_000).toISOString() : "";
  }, [span]);
}

/** Looks for text in errors once nobody has typed for a moment. */
function ErrorSearch({ value, onChange }: { value: string; onChange(value: string): void }) {
  const [text, setText] = useState(value);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => latest.current(text.trim()), 300);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <Input
      type="search"
      aria-label={t.filterError}
      placeholder={t.filterError}
      value={text}
      maxLength={200}
      onChange={(event) => setText(event.target.value)}
      className="max-w-52"
    />
  );
}

function LiveSign() {
  const open = useLiveStatus() === "open";
  return (
    <span className="flex items-center gap-1.5 pt-1 text-ink-3 text-xs">
      <span className={`size-1.5 rounded-full ${open ? "bg-ok" : "bg-warn"}`} aria-hidden />
      {open ? t.liveNow : t.liveOff}
    </span>
  );
}

function NoExecutions({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <Empty icon={<ListFilter size={20} />} title={t.noneFound}>
        {t.noneFoundText}
      </Empty>
    );
  }
  return (
    <Empty
      icon={<Activity size={20} />}
      title={t.emptyTitle}
      actions={
        <Link to="/workflows" className="font-medium text-accent text-sm hover:underline">
          {t.toWorkflows}
        </Link>
      }
    >
      {t.emptyText}
    </Empty>
  );
}

/** The time since `iso`, counting while `running`. */
function useElapsed(iso: string | null, running: boolean): number | null {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return iso && running ? Math.max(0, now - Date.parse(iso)) : null;
}

function ExecutionRow({ execution }: { execution: Execution }) {
  const elapsed = useElapsed(execution.startedAt, !isOver(execution.status));
  return (
    <li className="relative flex items-center gap-3 px-4 py-3 transition-colors hover:bg-surface-2">
      <div className="hidden w-28 shrink-0 sm:block">
        <StatusBadge status={execution.status} />
      </div>
      <div className="sm:hidden">
        <StatusIcon status={execution.status} size={18} />
        <span className="sr-only">{strings.status[execution.status]}</span>
      </div>
      <div className="min-w-0 flex-1">
        <Link
          to={`/executions/${execution.id}`}
          className="block truncate font-medium text-ink after:absolute after:inset-0"
        >
          {execution.workflowName}
        </Link>
        <div className="mt-0.5 truncate text-ink-3 text-xs">
          {execution.error ? (
            <span className="text-bad">{`${execution.error.type}: ${execution.error.message}`}</span>
          ) : (
            <>
              {strings.triggers[execution.trigger] ?? execution.trigger}
              {" · "}
              {execution.workflowVersion === null ? t.draft : t.version(execution.workflowVersion)}
            </>
          )}
        </div>
      </div>
      <div className="tabular shrink-0 text-right">
        <div className="text-ink-2 text-sm">{duration(execution.durationMs ?? elapsed)}</div>
        <div className="text-ink-3 text-xs" title={dateTime(execution.startedAt)}>
          {ago(execution.startedAt)}
        </div>
      </div>
    </li>
  );
}

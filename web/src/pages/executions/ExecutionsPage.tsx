import { Activity, ArrowUp, ListFilter } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { Link } from "react-router";
import { useLiveStatus } from "../../live/live";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { Empty, Failed, LoadingRows } from "../../ui/States";
import { useSelection } from "../../ui/useSelection";
import { PageFrame } from "../PageFrame";
import { ExecutionBar } from "./ExecutionBar";
import { ExecutionFilters } from "./ExecutionFilters";
import { ExecutionRow } from "./ExecutionRow";
import { useExecutionList } from "./useExecutionList";
import { useFilter } from "./useFilter";

const t = strings.executions;

export function ExecutionsPage() {
  const filter = useFilter();
  const filtered = Object.values(filter).some(Boolean);
  const [top, atTop] = useInView();
  const [busy, setBusy] = useState(false);
  const { query, executions, waiting, showNew, searching, loadMore } = useExecutionList(filter, atTop && !busy);
  const selecting = useSelection(useMemo(() => executions.map(({ id }) => id), [executions]));
  const selection = executions.filter(({ id }) => selecting.chosen.has(id));
  // Nothing moves under somebody who selects.
  useEffect(() => setBusy(selection.length > 0), [selection.length]);

  return (
    <>
      {waiting > 0 && (
        <NewOnes
          count={waiting}
          onShow={() => {
            showNew();
            top.current?.scrollIntoView({ block: "center" });
          }}
        />
      )}
      <PageFrame title={t.title} aside={<LiveSign />} tools={<ExecutionFilters />}>
        <div ref={top} />
        {(query.isPending || (searching && executions.length === 0)) && <LoadingRows rows={8} />}
        {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
        {query.isSuccess && executions.length === 0 && !searching && <NoExecutions filtered={filtered} />}
        {executions.length > 0 && (
          <>
            <div className="flex h-9 items-center gap-3 border-line border-b bg-surface-2 px-3 text-ink-3 text-xs sm:px-4">
              <Checkbox checked={selecting.all} onChange={selecting.setAll} label={t.selectAll} />
              <span aria-hidden className="hidden w-28 sm:block">
                {t.columns.status}
              </span>
              <span aria-hidden>{t.columns.workflow}</span>
              <span aria-hidden className="ml-auto hidden w-28 text-right md:block">
                {strings.spending.cost}
              </span>
              <span aria-hidden className="ml-auto w-24 text-right md:ml-0">
                {t.columns.duration}
              </span>
            </div>
            <ul className="divide-y divide-line">
              {executions.map((execution) => (
                <ExecutionRow
                  key={execution.id}
                  execution={execution}
                  selected={selecting.chosen.has(execution.id)}
                  onSelect={(on, range) => selecting.set(execution.id, on, range)}
                />
              ))}
            </ul>
          </>
        )}
        {query.hasNextPage && (
          <div className="flex justify-center border-line border-t p-3">
            <Button busy={query.isFetchingNextPage} onClick={loadMore}>
              {searching ? t.searching : strings.common.loadMore}
            </Button>
          </div>
        )}
      </PageFrame>
      {selection.length > 0 && <ExecutionBar executions={selection} onClear={selecting.clear} />}
    </>
  );
}

/** Whether an element can be seen: while nobody has scrolled away from the top of the list. */
function useInView() {
  const ref = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(true);
  useEffect(() => {
    if (!ref.current) return;
    const observer = new IntersectionObserver(([entry]) => setSeen(entry?.isIntersecting ?? true));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, seen] as const;
}

/** Tells of executions that started while somebody reads further down. */
function NewOnes({ count, onShow }: { count: number; onShow(): void }) {
  return (
    <div role="status" className="sticky top-3 z-20 flex h-0 justify-center">
      <Button variant="primary" size="sm" icon={<ArrowUp size={14} />} onClick={onShow} className="mt-2 shadow-lg">
        {t.newOnes(count)}
      </Button>
    </div>
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

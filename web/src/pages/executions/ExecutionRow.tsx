import { useEffect, useState } from "react";
import { Link } from "react-router";
import { PRODUCTION, useEnvironmentName } from "../../api/environments";
import type { Execution } from "../../api/types";
import { isOver } from "../../run/state";
import { allOf, costInWords } from "../../run/usage";
import { strings } from "../../strings";
import { Checkbox } from "../../ui/Checkbox";
import { cx } from "../../ui/cx";
import { StatusBadge, StatusIcon } from "../../ui/Status";
import { ago, dateTime, duration } from "../../ui/time";
import { toldOf } from "./progress";

const t = strings.executions;

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

interface ExecutionRowProps {
  execution: Execution;
  selected: boolean;
  onSelect(selected: boolean, range: boolean): void;
}

/** One execution of the list. */
export function ExecutionRow({ execution, selected, onSelect }: ExecutionRowProps) {
  const nameOf = useEnvironmentName();
  const elapsed = useElapsed(execution.startedAt, !isOver(execution.status));
  return (
    <li
      className={cx(
        "relative flex items-center gap-3 px-3 py-3 transition-colors sm:px-4",
        selected ? "bg-accent-soft" : "hover:bg-surface-2",
      )}
    >
      <Checkbox
        checked={selected}
        onChange={onSelect}
        label={t.select(execution.workflowName, dateTime(execution.startedAt))}
        className="relative z-10 before:absolute before:-inset-2.5"
      />
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
          {execution.environment !== PRODUCTION && (
            <span className="mr-1.5 rounded bg-surface-3 px-1.5 py-0.5 font-medium text-ink-2">
              {nameOf(execution.environment)}
            </span>
          )}
          {execution.error ? (
            <span className="text-bad">{`${execution.error.type}: ${execution.error.message}`}</span>
          ) : (
            toldOf(execution)
          )}
        </div>
      </div>
      <div
        className="tabular hidden w-28 shrink-0 text-right text-ink-3 text-xs md:block"
        title={execution.cost ? allOf(execution.cost) : undefined}
      >
        {execution.cost && costInWords(execution.cost)}
      </div>
      <div className="tabular w-24 shrink-0 text-right">
        <div className="text-ink-2 text-sm">{duration(execution.durationMs ?? elapsed)}</div>
        <div className="text-ink-3 text-xs" title={dateTime(execution.startedAt)}>
          {ago(execution.startedAt)}
        </div>
      </div>
    </li>
  );
}

import { ChevronDown, ChevronRight, Download } from "lucide-react";
import { useId, useState } from "react";
import { Link } from "react-router";
import {
  type AnalyticsQuery,
  type ErrorGroup,
  type ErrorState,
  useErrorGroups,
  useExamples,
  useResolve,
} from "../../api/analytics";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { cx } from "../../ui/cx";
import { messageOf } from "../../ui/message";
import { Segmented } from "../../ui/Segmented";
import { Failed, LoadingRows } from "../../ui/States";
import { ago, dateTime } from "../../ui/time";
import { toast } from "../../ui/toasts";
import { download } from "../workflows/files";
import { csvOf } from "./figures";
import { Card } from "./parts";

const t = strings.analytics;
const STATES = Object.entries(t.states).map(([value, label]) => ({ value, label }));
const COLUMNS = [
  "workflowName",
  "nodeName",
  "type",
  "message",
  "sample",
  "count",
  "firstSeen",
  "lastSeen",
  "state",
  "lastExecutionId",
] as const satisfies readonly (keyof ErrorGroup)[];

interface ErrorsProps {
  query: AnalyticsQuery;
  state: string;
  onState(state: string): void;
  mayResolve: boolean;
}

/** The faults that were seen: each once, however often it was. */
export function Errors({ query, state, onState, mayResolve }: ErrorsProps) {
  const chosen = (state in t.states ? state : "open") as ErrorState;
  const found = useErrorGroups(query, chosen);
  const save = (groups: readonly ErrorGroup[]) => {
    const rows = groups.map((one) => COLUMNS.map((name) => one[name]));
    download({ name: "errors.csv", text: csvOf([COLUMNS, ...rows]), type: "text/csv" });
  };
  return (
    <Card
      title={t.errors}
      tools={
        <>
          <Segmented label={t.state} value={chosen} onChange={onState} options={STATES} />
          {found.data && found.data.length > 0 && (
            <IconButton label={`${t.csv}: ${t.errors}`} small onClick={() => save(found.data)}>
              <Download size={14} />
            </IconButton>
          )}
        </>
      }
    >
      <p className="border-line border-b px-4 py-2 text-ink-2 text-xs">{t.errorsHelp}</p>
      {found.isPending && <LoadingRows rows={3} />}
      {found.isError && <Failed error={found.error} onRetry={() => void found.refetch()} />}
      {found.data?.length === 0 && (
        <p className="px-4 py-6 text-center text-ink-3 text-sm">{chosen === "open" ? t.noOpenErrors : t.noErrors}</p>
      )}
      {found.data && found.data.length > 0 && (
        <ul className="divide-y divide-line">
          {found.data.map((group) => (
            <Group key={group.id} group={group} mayResolve={mayResolve} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Group({ group, mayResolve }: { group: ErrorGroup; mayResolve: boolean }) {
  const [open, setOpen] = useState(false);
  const resolve = useResolve();
  const id = useId();
  const done = group.state === "resolved";
  const set = () =>
    resolve.mutate(
      { id: group.id, resolved: !done },
      { onError: (error) => toast({ tone: "bad", title: t.resolveFailed, detail: messageOf(error).title }) },
    );
  const where = [group.workflowName, group.nodeId === null ? null : (group.nodeName ?? group.nodeId)];
  return (
    <li className="px-4 py-2.5">
      <div className="flex items-start gap-2">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
          className="flex min-w-0 flex-1 items-start gap-1.5 text-left"
        >
          <span className="mt-0.5 text-ink-3">
            {open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
          </span>
          <span className="min-w-0 flex-1">
            <span className="wrap-anywhere line-clamp-2 text-sm">
              <span className="font-medium">{group.type}</span> {group.message}
            </span>
            <span className="block text-ink-3 text-xs">
              {where.filter(Boolean).join(" · ")} · {t.seen(ago(group.firstSeen), ago(group.lastSeen))}
            </span>
          </span>
        </button>
        {group.state !== "open" && (
          <span
            className={cx(
              "shrink-0 rounded-full px-2 py-0.5 font-medium text-2xs",
              done ? "bg-ok-soft text-ok" : "bg-warn-soft text-warn",
            )}
          >
            {done ? t.resolved : t.returned}
          </span>
        )}
        <span className="tabular shrink-0 pt-0.5 text-sm">{t.times(group.count)}</span>
        {mayResolve && (
          <Button size="sm" busy={resolve.isPending} onClick={set} className="max-sm:hidden">
            {done ? t.reopen : t.resolve}
          </Button>
        )}
      </div>
      <div id={id} hidden={!open} className="mt-2 ml-5 space-y-2 text-sm">
        {open && (
          <>
            <p className="wrap-anywhere rounded-md bg-surface-2 px-3 py-2 font-mono text-xs">{group.sample}</p>
            {group.resolvedAt && (
              <p className="text-ink-2 text-xs">{t.resolvedBy(group.resolvedBy ?? "", dateTime(group.resolvedAt))}</p>
            )}
            <Examples id={group.id} />
            {mayResolve && (
              <Button size="sm" busy={resolve.isPending} onClick={set} className="sm:hidden">
                {done ? t.reopen : t.resolve}
              </Button>
            )}
          </>
        )}
      </div>
    </li>
  );
}

function Examples({ id }: { id: string }) {
  const found = useExamples(id);
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <LoadingRows rows={1} />;
  if (found.data.length === 0) return <p className="text-ink-3 text-xs">{t.noExamples}</p>;
  return (
    <nav aria-label={t.examples} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs">
      <span className="text-ink-2">{t.examples}:</span>
      {found.data.map((one) => (
        <Link key={one.executionId} to={`/executions/${one.executionId}`} className="text-accent hover:underline">
          {dateTime(one.at)}
        </Link>
      ))}
    </nav>
  );
}

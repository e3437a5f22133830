import { useMemo } from "react";
import type { WorkflowDocument } from "../graph/document";
import { strings } from "../strings";
import { cx } from "../ui/cx";
import { StatusIcon } from "../ui/Status";
import { duration, number } from "../ui/time";
import { severalOf } from "./attempts";
import { useRun } from "./context";
import { useElapsed } from "./RunStatusLine";
import { isOver, type NodeRunState } from "./state";
import { useAttempts } from "./useAttempts";

const BARS: Record<NodeRunState["status"], string> = {
  running: "bg-busy/70",
  retrying: "bg-warn/70",
  waiting: "bar-waiting",
  succeeded: "bg-ok/65",
  failed: "bg-bad/80",
};

interface TimelineProps {
  document: WorkflowDocument;
  selected: string | null;
  onSelect(nodeId: string): void;
}

/** Node runs over time: what ran beside what, and what took long. */
export function Timeline({ document, selected, onSelect }: TimelineProps) {
  const nodes = useRun(({ run }) => run.nodes) ?? {};
  const startedAt = useRun(({ run }) => run.startedAt);
  const took = useRun(({ run }) => run.durationMs);
  const status = useRun(({ run }) => run.status);
  const running = status !== null && !isOver(status);
  const elapsed = useElapsed(startedAt, running);
  const attempts = useAttempts();
  const runs = useMemo(() => {
    // History tells when the first attempt began, the live connection when the latest did.
    const begun = ({ nodeId, iteration, startedAt: at }: NodeRunState) =>
      Date.parse(severalOf(attempts, nodeId, iteration)[0]?.startedAt ?? at ?? "");
    return Object.values(nodes).sort((a, b) => begun(a) - begun(b));
  }, [nodes, attempts]);
  const names = useMemo(() => new Map(document.nodes.map((node) => [node.id, node.name])), [document]);
  if (runs.length === 0) {
    return <p className="p-6 text-center text-ink-3 text-sm">{running ? strings.status.queued : strings.run.noRuns}</p>;
  }
  const origin = Math.min(
    ...[startedAt, ...runs.map((run) => run.startedAt), ...attempts.map((one) => one.startedAt)].map((at) =>
      at ? Date.parse(at) : Number.POSITIVE_INFINITY,
    ),
  );
  const ends = runs.map((run) => (run.startedAt ? Date.parse(run.startedAt) + (run.durationMs ?? 0) : 0) - origin);
  const span = Math.max(1, took ?? 0, elapsed ?? 0, ...ends);
  return (
    <ul aria-label={strings.run.timeline} className="p-2">
      {runs.map((run) => {
        const tried = severalOf(attempts, run.nodeId, run.iteration);
        const past = tried.slice(0, -1);
        const begun = tried.at(-1)?.startedAt ?? run.startedAt;
        const begin = begun ? Date.parse(begun) - origin : 0;
        const open = run.status === "running" || run.status === "retrying" || run.status === "waiting";
        const length = run.durationMs ?? (open ? Math.max(0, span - begin) : 0);
        const sent = Object.values(run.sent).reduce((sum, count) => sum + count, 0);
        return (
          <li key={run.nodeId}>
            <button
              type="button"
              onClick={() => onSelect(run.nodeId)}
              aria-pressed={selected === run.nodeId}
              className={cx(
                "grid w-full grid-cols-[minmax(104px,200px)_minmax(40px,1fr)_auto] items-center gap-3 rounded-md px-2 py-1 text-left",
                selected === run.nodeId ? "bg-accent-soft" : "hover:bg-surface-2",
              )}
            >
              <span className="flex min-w-0 items-center gap-2">
                <StatusIcon status={run.status} size={14} />
                <span className="sr-only">{strings.status[run.status]}</span>
                <span className="truncate text-sm">{names.get(run.nodeId) ?? run.nodeId}</span>
                {run.attempt > 1 && (
                  <span className="tabular text-2xs text-warn" title={strings.run.attempts(run.attempt)}>
                    {`×${run.attempt}`}
                  </span>
                )}
              </span>
              <span className="relative h-4 overflow-hidden rounded-sm bg-surface-3" aria-hidden>
                {past.map((one) => {
                  const from = Date.parse(one.startedAt) - origin;
                  const lasted = one.endedAt ? Date.parse(one.endedAt) - origin - from : 0;
                  return (
                    <span
                      key={one.number}
                      className="absolute inset-y-0 min-w-[3px] rounded-sm bg-warn/60"
                      style={{ left: `${(from / span) * 100}%`, width: `${Math.min(100, (lasted / span) * 100)}%` }}
                    />
                  );
                })}
                {!run.source && (
                  <span
                    className={cx("absolute inset-y-0 min-w-[3px] rounded-sm", BARS[run.status])}
                    style={{ left: `${(begin / span) * 100}%`, width: `${Math.min(100, (length / span) * 100)}%` }}
                  />
                )}
              </span>
              <span className="tabular flex text-right text-ink-3 text-xs">
                <span className="w-20 max-sm:hidden">
                  {run.status === "succeeded" && strings.run.items(sent).replace(String(sent), number(sent))}
                </span>
                <span className={run.source ? "w-36 text-accent" : "w-16 text-ink-2"}>
                  {run.source ? strings.parts.source[run.source.kind] : duration(run.durationMs)}
                </span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

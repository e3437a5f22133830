import { ChevronLeft, ChevronRight, Maximize2, ZoomIn, ZoomOut } from "lucide-react";
import { type KeyboardEvent, useMemo, useState } from "react";
import type { WorkflowDocument } from "../graph/document";
import { strings } from "../strings";
import { IconButton } from "../ui/Button";
import { cx } from "../ui/cx";
import { StatusIcon } from "../ui/Status";
import { duration, number } from "../ui/time";
import { severalOf } from "./attempts";
import { useRun } from "./context";
import { useElapsed } from "./RunStatusLine";
import { isOver, type NodeRunState } from "./state";
import { moved, place, type Stretch, WHOLE, zoomed } from "./stretch";
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
  const [stretch, setStretch] = useState(WHOLE);
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
  const barAt = (begin: number, length: number) => place(begin / span, Math.min(1, length / span), stretch);
  return (
    <>
      <Zoom stretch={stretch} onChange={setStretch} />
      <ul
        aria-label={strings.run.timeline}
        className="px-2 pb-2"
        onKeyDown={(event) => {
          const next = stretchAfter(event.key, stretch);
          if (next) setStretch(next);
          if (next || moveFocus(event)) {
            event.preventDefault();
            event.stopPropagation();
          }
        }}
      >
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
                  <span className="truncate text-sm" title={names.get(run.nodeId)}>
                    {names.get(run.nodeId) ?? run.nodeId}
                  </span>
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
                        style={barAt(from, lasted)}
                      />
                    );
                  })}
                  {!run.source && (
                    <span
                      className={cx("absolute inset-y-0 min-w-[3px] rounded-sm", BARS[run.status])}
                      style={barAt(begin, length)}
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
    </>
  );
}

/** What a key makes of the stretch shown. */
function stretchAfter(key: string, stretch: Stretch): Stretch | null {
  switch (key) {
    case "+":
    case "=":
      return zoomed(stretch, 2);
    case "-":
      return zoomed(stretch, 0.5);
    case "0":
      return WHOLE;
    case "ArrowLeft":
      return moved(stretch, -0.25);
    case "ArrowRight":
      return moved(stretch, 0.25);
    default:
      return null;
  }
}

/** Up and down go through the rows. */
function moveFocus({ key, currentTarget, target }: KeyboardEvent): boolean {
  if (key !== "ArrowUp" && key !== "ArrowDown") return false;
  const rows = [...currentTarget.querySelectorAll("button")];
  rows[rows.indexOf(target as HTMLButtonElement) + (key === "ArrowUp" ? -1 : 1)]?.focus();
  return true;
}

/** Shows less of a long run at a time, and the way along it. */
function Zoom({ stretch, onChange }: { stretch: Stretch; onChange(next: Stretch): void }) {
  const t = strings.run.zoom;
  const whole = stretch.length === 1;
  return (
    <div className="sticky top-0 z-10 flex justify-end gap-0.5 bg-surface px-3 pt-1">
      {!whole && (
        <>
          <IconButton small label={t.earlier} onClick={() => onChange(moved(stretch, -0.5))}>
            <ChevronLeft size={14} />
          </IconButton>
          <IconButton small label={t.later} onClick={() => onChange(moved(stretch, 0.5))}>
            <ChevronRight size={14} />
          </IconButton>
          <IconButton small label={t.whole} onClick={() => onChange(WHOLE)}>
            <Maximize2 size={13} />
          </IconButton>
          <IconButton small label={t.out} onClick={() => onChange(zoomed(stretch, 0.5))}>
            <ZoomOut size={14} />
          </IconButton>
        </>
      )}
      <IconButton small label={t.in} onClick={() => onChange(zoomed(stretch, 2))}>
        <ZoomIn size={14} />
      </IconButton>
    </div>
  );
}

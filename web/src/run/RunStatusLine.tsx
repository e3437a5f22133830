import { useEffect, useState } from "react";
import { useLiveStatus } from "../live/live";
import { strings } from "../strings";
import { StatusBadge } from "../ui/Status";
import { duration } from "../ui/time";
import { useRun } from "./context";
import { isOver } from "./state";

/** Milliseconds since `iso`, counting while `running`. */
export function useElapsed(iso: string | null, running: boolean): number | null {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, [running]);
  return iso && running ? Math.max(0, now - Date.parse(iso)) : null;
}

/** Status and time of the run shown, and whether it is followed live. */
export function RunStatusLine() {
  const status = useRun(({ run }) => run.status);
  const startedAt = useRun(({ run }) => run.startedAt);
  const took = useRun(({ run }) => run.durationMs);
  const live = useLiveStatus();
  const running = status !== null && !isOver(status);
  const elapsed = useElapsed(startedAt, running);
  if (status === null) return null;
  return (
    <div className="flex items-center gap-2" role="status">
      {running && live !== "open" && live !== "idle" && (
        <span className="hidden text-warn text-xs sm:inline">{strings.run.reconnecting}</span>
      )}
      <span className="tabular text-ink-3 text-xs" aria-hidden>
        {duration(took ?? elapsed)}
      </span>
      <span data-testid="run-status">
        <StatusBadge status={status} />
      </span>
    </div>
  );
}

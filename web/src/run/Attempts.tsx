import { strings } from "../strings";
import { duration } from "../ui/time";
import { severalOf } from "./attempts";
import type { NodeRunState } from "./state";
import { useAttempts } from "./useAttempts";

const t = strings.run;

/** Each attempt of a node run, with its time and why it failed; nothing where there was one. */
export function Attempts({ run }: { run: NodeRunState }) {
  const attempts = severalOf(useAttempts(), run.nodeId, run.iteration);
  if (attempts.length === 0) return null;
  return (
    <details className="mx-4 mb-3 rounded-lg border border-line px-3 py-2 text-xs" open>
      <summary className="text-ink-2">{t.attempts(attempts.length)}</summary>
      <ol className="mt-1 max-h-40 space-y-1 overflow-y-auto">
        {attempts.map(({ number, startedAt, endedAt, error }) => (
          <li key={number} className="flex gap-2">
            <span className="tabular shrink-0 text-ink-2">{t.attempt(number)}</span>
            <span className={error ? "min-w-0 flex-1 break-words text-bad" : "flex-1 text-ink-2"}>
              {error
                ? `${error.type}: ${error.message}`
                : strings.status[endedAt ? "succeeded" : run.status === "failed" ? "failed" : "running"]}
            </span>
            <span className="tabular shrink-0 text-ink-3">
              {endedAt && duration(Date.parse(endedAt) - Date.parse(startedAt))}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}

import { CircleX, Lightbulb } from "lucide-react";
import type { ErrorInfo } from "../api/types";
import { strings } from "../strings";

const t = strings.run;

/** A failure: its name, the words of whoever refused, and what to do. */
export function ErrorCard({ error }: { error: ErrorInfo }) {
  const details = error.details && Object.keys(error.details).length > 0 ? error.details : null;
  return (
    <div role="alert" className="rounded-lg border border-bad-line bg-bad-soft p-3">
      <div className="flex gap-2">
        <CircleX size={16} className="mt-0.5 shrink-0 text-bad" aria-hidden />
        <div className="min-w-0 flex-1">
          <div className="font-semibold text-bad text-sm">
            {error.type}
            {typeof error.item === "number" && (
              <span className="ml-2 font-normal text-xs">{t.failedItem(error.item)}</span>
            )}
          </div>
          <p className="whitespace-pre-wrap break-words font-mono text-ink text-xs">{error.message}</p>
        </div>
      </div>
      {error.remedy && (
        <p className="mt-2 flex gap-2 text-ink-2 text-sm">
          <Lightbulb size={15} className="mt-0.5 shrink-0 text-warn" aria-hidden />
          <span>
            <span className="sr-only">{`${t.remedy}: `}</span>
            {error.remedy}
          </span>
        </p>
      )}
      {details && (
        <details className="mt-2 text-xs">
          <summary className="text-ink-3">{t.details}</summary>
          <pre className="mt-1 overflow-x-auto whitespace-pre-wrap break-words font-mono text-ink-2">
            {JSON.stringify(details, null, 2)}
          </pre>
        </details>
      )}
    </div>
  );
}

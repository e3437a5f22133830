import { CornerLeftUp, CornerRightDown } from "lucide-react";
import { Link } from "react-router";
import type { ExecutionDetail } from "../api/types";
import { strings } from "../strings";
import { StatusIcon } from "../ui/Status";

const t = strings.parts;
const linkClass =
  "inline-flex max-w-64 items-center gap-1 rounded-full border border-line px-2 py-0.5 text-ink-2 text-xs hover:bg-surface-3 hover:text-ink";

/** The execution that called this one, and those that it called; nothing where there are none. */
export function Relatives({ detail }: { detail: ExecutionDetail }) {
  const { parent, calls } = detail;
  if (!parent && calls.length === 0) return null;
  return (
    <nav
      aria-label={t.calls}
      className="flex max-h-19 shrink-0 flex-wrap items-center gap-1.5 overflow-y-auto border-line border-b px-3 py-1.5"
    >
      {parent && (
        <Link to={`/executions/${parent.executionId}?node=${parent.nodeId}`} className={linkClass}>
          <CornerLeftUp size={12} aria-hidden />
          {t.calledBy}
        </Link>
      )}
      {calls.map((call) => (
        <Link key={call.id} to={`/executions/${call.id}`} className={linkClass}>
          <CornerRightDown size={12} aria-hidden />
          <span className="truncate">{call.workflowName}</span>
          <StatusIcon status={call.status} size={12} />
          <span className="sr-only">{strings.status[call.status]}</span>
        </Link>
      ))}
    </nav>
  );
}

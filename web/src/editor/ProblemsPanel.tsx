import { CircleCheck, CircleX, LoaderCircle, TriangleAlert } from "lucide-react";
import { strings } from "../strings";
import { goTo, useDocument, useEditor } from "./store";

const t = strings.editor;

/** All diagnostics; each leads to its node and field. */
export function ProblemsPanel() {
  const diagnostics = useEditor((state) => state.diagnostics);
  const checking = useEditor((state) => state.checking);
  const document = useDocument();
  const names = new Map(document.nodes.map((node) => [node.id, node.name]));
  if (diagnostics.length === 0) {
    return (
      <div className="flex items-center gap-2 px-4 py-5 text-ink-2 text-sm" role="status">
        {checking ? (
          <LoaderCircle size={16} className="animate-spin text-ink-3" />
        ) : (
          <CircleCheck size={16} className="text-ok" />
        )}
        {checking ? t.checking : t.noProblems}
      </div>
    );
  }
  return (
    <ul className="max-h-[50dvh] divide-y divide-line overflow-y-auto">
      {diagnostics.map((entry) => (
        <li key={`${entry.code} ${entry.nodeId} ${entry.field} ${entry.edgeId} ${entry.message}`}>
          <button
            type="button"
            disabled={!entry.nodeId}
            onClick={() => entry.nodeId && goTo(entry.nodeId, entry.field)}
            className="flex w-full gap-2.5 px-4 py-2.5 text-left hover:bg-surface-2 focus-visible:-outline-offset-2"
          >
            {entry.severity === "error" ? (
              <CircleX size={15} className="mt-0.5 shrink-0 text-bad" aria-label="Error" />
            ) : (
              <TriangleAlert size={15} className="mt-0.5 shrink-0 text-warn" aria-label="Warning" />
            )}
            <span className="min-w-0">
              {entry.nodeId && (
                <span className="font-medium text-sm">{`${names.get(entry.nodeId) ?? entry.nodeId}: `}</span>
              )}
              <span className="text-sm">{entry.message}</span>
              <span className="block text-ink-3 text-xs">{entry.remedy}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

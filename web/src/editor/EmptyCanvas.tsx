import { newestTypes } from "../graph/catalogue";
import { strings } from "../strings";
import { NodeIcon } from "../ui/NodeIcon";
import { addNode } from "./actions";
import { useDocument, useEditor } from "./store";

/** What an empty canvas shows: the triggers to begin with. */
export function EmptyCanvas() {
  const empty = useDocument().nodes.length === 0;
  const catalogue = useEditor((state) => state.catalogue);
  if (!empty) return null;
  return (
    <div className="pointer-events-none absolute inset-0 flex items-center justify-center p-6">
      <div className="pointer-events-auto w-full max-w-sm animate-appear">
        <h2 className="text-center font-semibold text-lg">{strings.editor.emptyTitle}</h2>
        <p className="mt-1 mb-5 text-center text-ink-2 text-sm">{strings.editor.emptyText}</p>
        <div className="space-y-2">
          {newestTypes(catalogue)
            .filter((entry) => entry.trigger)
            .map((entry) => (
              <button
                type="button"
                key={entry.type}
                onClick={() => addNode(entry, { place: { x: 0, y: 0 } })}
                className="flex w-full items-center gap-3 rounded-lg border border-line bg-surface p-3 text-left shadow-xs transition hover:border-accent-line hover:shadow-sm"
              >
                <NodeIcon icon={entry.icon} category={entry.category} />
                <span>
                  <span className="block font-medium text-sm">{entry.name}</span>
                  <span className="block text-ink-3 text-xs">{entry.summary}</span>
                </span>
              </button>
            ))}
        </div>
      </div>
    </div>
  );
}

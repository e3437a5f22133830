import { Ellipsis } from "lucide-react";
import { type NodeType, newestTypes } from "../graph/catalogue";
import { strings } from "../strings";
import { NodeIcon } from "../ui/NodeIcon";
import { addNode } from "./actions";
import { openPickerInMiddle } from "./NodePicker";
import { useDocument, useEditor } from "./store";

const t = strings.editor;

/** Those that most workflows begin with; all others are a click further. */
const USUAL = ["manual", "schedule", "webhook", "form", "chat"];

const CARD =
  "flex w-full items-center gap-3 rounded-lg border border-line bg-surface p-3 text-left shadow-xs transition hover:border-accent-line hover:shadow-sm";

/** What an empty canvas shows: the triggers to begin with. */
export function EmptyCanvas() {
  const empty = useDocument().nodes.length === 0;
  const catalogue = useEditor((state) => state.catalogue);
  if (!empty) return null;
  const types = newestTypes(catalogue);
  const usual = USUAL.flatMap((trigger): NodeType[] => types.filter((entry) => entry.trigger === trigger));
  return (
    <div className="pointer-events-none absolute inset-0 flex items-center justify-center overflow-y-auto p-6">
      <div className="pointer-events-auto m-auto w-full max-w-sm animate-appear">
        <h2 className="text-center font-semibold text-lg">{t.emptyTitle}</h2>
        <p className="mt-1 mb-5 text-center text-ink-2 text-sm">{t.emptyText}</p>
        <div className="space-y-2">
          {usual.map((entry) => (
            <button
              type="button"
              key={entry.type}
              onClick={() => addNode(entry, { place: { x: 0, y: 0 } })}
              className={CARD}
            >
              <NodeIcon icon={entry.icon} category={entry.category} />
              <span>
                <span className="block font-medium text-sm">{entry.name}</span>
                <span className="block text-ink-3 text-xs">{entry.summary}</span>
              </span>
            </button>
          ))}
          <button
            type="button"
            onClick={() => openPickerInMiddle({ triggers: true, place: { x: 0, y: 0 } })}
            className={CARD}
          >
            <span className="grid size-9 shrink-0 place-items-center rounded-lg bg-surface-3 text-ink-2" aria-hidden>
              <Ellipsis size={18} />
            </span>
            <span>
              <span className="block font-medium text-sm">{t.moreTriggers}</span>
              <span className="block text-ink-3 text-xs">{t.moreTriggersText}</span>
            </span>
          </button>
        </div>
      </div>
    </div>
  );
}

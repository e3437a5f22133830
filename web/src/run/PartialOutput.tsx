import { strings } from "../strings";
import type { Coming } from "./partial";

const t = strings.usage;
/** Whoever listens is told of about so many characters at a time, not of each. */
const TOLD_EVERY = 500;

/** What has come of a node's output that comes bit by bit. */
export function PartialOutput({ coming }: { coming: Coming }) {
  const items = Object.entries(coming.items);
  const characters = items.reduce((sum, [, { text }]) => sum + text.length, 0);
  const told = Math.floor(characters / TOLD_EVERY) * TOLD_EVERY;
  return (
    <section aria-label={t.coming} className="flex min-h-0 flex-1 flex-col gap-2 overflow-y-auto px-4 pb-4">
      <p className="text-ink-3 text-xs">{t.comingText}</p>
      <p className="sr-only" aria-live="polite">
        {told > 0 ? t.comingSoFar(told) : ""}
      </p>
      {items.map(([item, { text, begun, cut }]) => (
        <div key={item}>
          {items.length > 1 && <h3 className="pb-1 font-medium text-xs">{t.comingItem(Number(item) + 1)}</h3>}
          <pre className="whitespace-pre-wrap break-words rounded-lg border border-line bg-surface-2 p-3 text-xs">
            {begun ? text : `…${text}`}
          </pre>
          {cut && <p className="pt-1 text-ink-3 text-xs">{t.comingCut}</p>}
        </div>
      ))}
    </section>
  );
}

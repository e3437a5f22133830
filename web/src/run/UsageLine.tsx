import type { Usage } from "../api/types";
import { strings } from "../strings";
import { inWords } from "./usage";

/** What a node or a run used, in one wrapping line; nothing where it used nothing. */
export function UsageLine({ usage, label }: { usage: Usage | null | undefined; label?: string }) {
  const words = usage ? inWords(usage) : [];
  if (!words.length) return null;
  return (
    <dl className="flex gap-2 px-4 pb-3 text-ink-2 text-xs">
      <dt className="shrink-0 text-ink-3">{label ?? strings.usage.used}</dt>
      <dd className="tabular min-w-0 break-words">{words.join(" · ")}</dd>
    </dl>
  );
}

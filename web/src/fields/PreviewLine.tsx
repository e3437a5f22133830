import { ChevronLeft, ChevronRight } from "lucide-react";
import { useContext, useEffect, useMemo, useRef, useState } from "react";
import { usePreview } from "../api/queries";
import { strings } from "../strings";
import { IconButton } from "../ui/Button";
import { cx } from "../ui/cx";
import { useSettled } from "../ui/useSettled";
import { PreviewContext, withPinsOf } from "./preview";

const t = strings.data;

/** The value of an expression for one item, as the engine gives it, while somebody writes it. */
interface PreviewLineProps {
  text: string;
  /** Told where the text is wrong, in code points, and null once nothing is. */
  onError(position: number | null): void;
}

export function PreviewLine({ text, onError }: PreviewLineProps) {
  const where = useContext(PreviewContext);
  const [index, setIndex] = useState(0);
  const settled = useSettled(text);
  const asked = useMemo(() => where && withPinsOf(where, settled), [where, settled]);
  const query = usePreview(asked, settled, index);
  const wrong = query.data?.error && settled === text ? query.data.error.position : null;
  const tell = useRef(onError);
  tell.current = onError;
  useEffect(() => tell.current(wrong), [wrong]);
  if (!where || !settled.includes("{{")) return null;
  const shown = query.data;
  const last = shown ? shown.count - 1 : 0;
  const at = Math.min(index, last);
  return (
    <div className="mt-1 overflow-hidden rounded-md border border-line bg-surface-2 text-xs">
      <div className="flex min-h-7 items-start gap-1 px-2 py-1">
        <output
          aria-label={t.preview}
          className={cx("min-w-0 flex-1 break-words font-mono leading-5", shown?.error ? "text-bad" : "text-ink")}
        >
          {query.isError ? (
            <span className="font-sans text-ink-3">{t.previewFailed}</span>
          ) : shown === undefined ? (
            <span className="font-sans text-ink-3">{t.previewing}</span>
          ) : shown.error ? (
            shown.error.message
          ) : (
            <Value value={shown.value} cut={shown.cut} />
          )}
        </output>
        {last > 0 && (
          <span className="tabular flex shrink-0 items-center text-ink-3">
            <IconButton small label={t.previousItem} onClick={() => setIndex(at === 0 ? last : at - 1)}>
              <ChevronLeft size={13} />
            </IconButton>
            {t.item(at + 1, last + 1)}
            <IconButton small label={t.nextItem} onClick={() => setIndex(at === last ? 0 : at + 1)}>
              <ChevronRight size={13} />
            </IconButton>
          </span>
        )}
      </div>
      {shown && (shown.missing.length > 0 || (shown.count === 0 && where.input.length > 0)) && (
        <p className="border-line border-t px-2 py-1 text-ink-3">
          {shown.missing.length > 0 ? t.previewMissing(shown.missing) : t.previewNoItems}
        </p>
      )}
    </div>
  );
}

function Value({ value, cut }: { value: unknown; cut: boolean }) {
  const more = cut ? " …" : "";
  if (value === null || value === undefined) return <span className="text-ink-3">{t.nothing}</span>;
  if (value === "") return <span className="text-ink-3">{t.emptyText}</span>;
  if (typeof value === "string") return <span className="line-clamp-6 whitespace-pre-wrap">{value + more}</span>;
  return <span className="line-clamp-6 whitespace-pre-wrap text-(--code-number)">{JSON.stringify(value) + more}</span>;
}

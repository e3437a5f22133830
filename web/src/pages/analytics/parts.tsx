import type { ReactNode } from "react";
import { cx } from "../../ui/cx";

/** A card with its title and tools. */
export function Card({ title, tools, children }: { title: string; tools?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="overflow-hidden rounded-xl border border-line bg-surface shadow-xs">
      <div className="flex min-h-11 flex-wrap items-center gap-2 border-line border-b px-4 py-2">
        <h2 className="mr-auto font-medium text-sm">{title}</h2>
        {tools}
      </div>
      {children}
    </section>
  );
}

interface TileProps {
  label: string;
  value: string;
  /** How it moved; `good` is which way is welcome, 0 for neither. */
  moved?: { words: string; by: number } | null | undefined;
  good?: -1 | 0 | 1;
  note?: string | undefined;
}

/** A figure, and how it moved since the period before. */
export function Tile({ label, value, moved, good = 0, note }: TileProps) {
  const tone = !moved || moved.by === 0 || good === 0 ? "text-ink-2" : moved.by * good > 0 ? "text-ok" : "text-bad";
  return (
    <div className="min-w-0 rounded-xl border border-line bg-surface p-4 shadow-xs">
      <dt className="truncate text-ink-2 text-xs">{label}</dt>
      <dd>
        <span className="tabular block truncate font-semibold text-xl">{value}</span>
        <span className={cx("block truncate text-xs", tone)}>{moved ? moved.words : (note ?? "\u00a0")}</span>
      </dd>
    </div>
  );
}

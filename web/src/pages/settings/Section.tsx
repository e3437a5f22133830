import type { ReactNode } from "react";

interface SectionProps {
  title: string;
  intro?: string;
  aside?: ReactNode;
  children: ReactNode;
}

/** A further list on a list page, below its first. */
export function Section({ title, intro, aside, children }: SectionProps) {
  return (
    <section aria-label={title} className="mx-auto w-full max-w-5xl px-4 pb-6 sm:px-8">
      <div className="mb-3 grid min-h-8 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3">
        <h2 className="font-semibold text-base tracking-tight">{title}</h2>
        {intro && <p className="order-last col-span-2 text-ink-2 text-sm">{intro}</p>}
        <div className="flex items-center gap-2">{aside}</div>
      </div>
      <div className="overflow-hidden rounded-xl border border-line bg-surface shadow-xs">{children}</div>
    </section>
  );
}

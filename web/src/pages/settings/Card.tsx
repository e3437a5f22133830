import type { ReactNode } from "react";

/** A part of a settings page, with its title. */
export function Card({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="rounded-xl border border-line bg-surface p-4 shadow-xs sm:p-5">
      <div className="mb-2 flex min-h-8 items-center gap-3">
        <h2 className="flex-1 font-semibold text-base">{title}</h2>
        {aside}
      </div>
      <div className="space-y-3">{children}</div>
    </section>
  );
}

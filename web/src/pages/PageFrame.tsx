import type { ReactNode } from "react";

interface PageFrameProps {
  title: string;
  intro?: string;
  aside?: ReactNode;
  tools?: ReactNode;
  children: ReactNode;
}

/** A list page: title, main action, tools, and the list in one card. */
export function PageFrame({ title, intro, aside, tools, children }: PageFrameProps) {
  return (
    <div className="mx-auto w-full max-w-5xl px-4 py-6 sm:px-8 sm:py-9">
      <div className="mb-5 flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h1 className="font-semibold text-xl tracking-tight">{title}</h1>
          {intro && <p className="mt-0.5 max-w-xl text-ink-2 text-sm">{intro}</p>}
        </div>
        {aside}
      </div>
      {tools && <div className="mb-3 flex flex-wrap items-center gap-2">{tools}</div>}
      <div className="overflow-hidden rounded-xl border border-line bg-surface shadow-xs">{children}</div>
    </div>
  );
}

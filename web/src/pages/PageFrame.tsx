import { ChevronLeft } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";

interface Back {
  to: string;
  label: string;
}

interface FrameProps {
  title: string;
  intro?: string | undefined;
  /** The page that this one belongs to. */
  back?: Back;
  children: ReactNode;
}

interface PageFrameProps extends FrameProps {
  aside?: ReactNode;
  tools?: ReactNode;
}

/** A list page: title, main action, tools, and the list in one card. */
export function PageFrame({ title, intro, back, aside, tools, children }: PageFrameProps) {
  return (
    <div className="mx-auto w-full max-w-5xl px-4 py-6 sm:px-8 sm:py-9">
      {back && <BackLink {...back} />}
      <div className="mb-5 grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-0.5">
        <h1 className="wrap-anywhere font-semibold text-xl tracking-tight">{title}</h1>
        {/* On phones the intro has the width for itself. */}
        {intro && <p className="order-last col-span-2 max-w-xl text-ink-2 text-sm">{intro}</p>}
        <div className="flex min-h-8 items-center gap-2">{aside}</div>
      </div>
      {tools && <div className="mb-3 flex flex-wrap items-center gap-2">{tools}</div>}
      <div className="overflow-hidden rounded-xl border border-line bg-surface shadow-xs">{children}</div>
    </div>
  );
}

/** A page of cards, one below the other. */
export function CardsFrame({ title, intro, back, children }: FrameProps) {
  return (
    <div className="mx-auto w-full max-w-2xl px-4 py-6 sm:px-8 sm:py-9">
      {back && <BackLink {...back} />}
      <h1 className="font-semibold text-xl tracking-tight">{title}</h1>
      {intro && <p className="mt-0.5 text-ink-2 text-sm">{intro}</p>}
      <div className="mt-5 space-y-5">{children}</div>
    </div>
  );
}

/** Leads to the page that one belongs to, from above its title. */
export function BackLink({ to, label }: Back) {
  return (
    <Link to={to} className="mb-2 inline-flex items-center gap-1 font-medium text-accent text-sm hover:underline">
      <ChevronLeft size={14} aria-hidden />
      {label}
    </Link>
  );
}

import { CloudOff, RotateCw } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Link } from "react-router";
import { strings } from "../strings";
import { Button } from "./Button";
import { cx } from "./cx";
import { messageOf } from "./message";

/** What stands where there is nothing yet: what this place is for and how to begin. */
export function Empty({
  icon,
  title,
  children,
  actions,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center px-6 py-14 text-center">
      {icon && (
        <div className="mb-4 flex size-11 items-center justify-center rounded-xl border border-line bg-surface text-ink-2 shadow-sm">
          {icon}
        </div>
      )}
      <h2 className="font-semibold text-lg">{title}</h2>
      {children && <div className="mt-1 text-balance text-ink-2 text-sm">{children}</div>}
      {actions && <div className="mt-5 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}

interface FailedProps {
  error: unknown;
  onRetry?: () => void;
  /** A way out, for pages without navigation beside them. */
  out?: { to: string; label: string };
}

/** What stands where loading failed: why, and a way to try again. */
export function Failed({ error, onRetry, out }: FailedProps) {
  const { title, detail } = messageOf(error);
  return (
    <div role="alert" className="mx-auto flex max-w-md flex-col items-center px-6 py-14 text-center">
      <div className="mb-4 flex size-11 items-center justify-center rounded-xl bg-bad-soft text-bad">
        <CloudOff size={20} aria-hidden />
      </div>
      <h2 className="font-semibold text-lg">{title}</h2>
      {detail && <p className="mt-1 text-balance text-ink-2 text-sm [overflow-wrap:anywhere]">{detail}</p>}
      <div className="mt-5 flex flex-wrap items-center justify-center gap-x-4 gap-y-2">
        {onRetry && (
          <Button icon={<RotateCw size={14} />} onClick={onRetry}>
            {strings.common.retry}
          </Button>
        )}
        {out && (
          <Link to={out.to} className="font-medium text-accent text-sm hover:underline">
            {out.label}
          </Link>
        )}
      </div>
    </div>
  );
}

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx("animate-pulse rounded-md bg-surface-3", className)} />;
}

/** Behind this a wait is no longer usual. */
const LONG_MS = 5000;

/** Says so where loading takes longer than usual: nobody should wonder whether the page is stuck. */
export function StillWaiting({ className }: { className?: string }) {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS);
    return () => clearTimeout(timer);
  }, []);
  return long && <p className={cx("text-ink-2 text-sm", className)}>{strings.errors.stillWaiting}</p>;
}

export function LoadingRows({ rows = 5 }: { rows?: number }) {
  return (
    <div role="status" aria-label={strings.common.loading} className="divide-y divide-line">
      <StillWaiting className="px-4 py-3" />
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move.
        <div key={index} className="flex items-center gap-4 px-4 py-4">
          <Skeleton className="size-5 rounded-full" />
          <Skeleton className="h-3.5 w-2/5" />
          <Skeleton className="ml-auto h-3.5 w-24" />
          <Skeleton className="hidden h-3.5 w-16 sm:block" />
        </div>
      ))}
    </div>
  );
}

export function LoadingPage() {
  return (
    <div
      role="status"
      aria-label={strings.common.loading}
      className="flex h-full flex-col items-center justify-center gap-3 p-4"
    >
      <div className="size-6 animate-spin rounded-full border-2 border-line-strong border-t-accent" />
      <StillWaiting className="text-center" />
    </div>
  );
}

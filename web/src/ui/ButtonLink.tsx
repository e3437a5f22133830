import type { ReactNode } from "react";
import { Link } from "react-router";
import { cx } from "./cx";

interface ButtonLinkProps {
  to: string;
  label: string;
  icon?: ReactNode;
  /** On phones only the icon is shown. */
  short?: boolean;
}

/** A way to another page that looks like a button. */
export function ButtonLink({ to, label, icon, short = false }: ButtonLinkProps) {
  return (
    <Link
      to={to}
      aria-label={short ? label : undefined}
      className={cx(
        "inline-flex h-8 shrink-0 items-center gap-1.5 whitespace-nowrap rounded-md border border-line-strong bg-surface px-3 font-medium text-ink text-sm shadow-xs transition-colors hover:bg-surface-3",
        short && "max-sm:px-2",
      )}
    >
      {icon}
      <span className={cx(short && "max-sm:hidden")}>{label}</span>
    </Link>
  );
}

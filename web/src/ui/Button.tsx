import { LoaderCircle } from "lucide-react";
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { cx } from "./cx";
import { Tooltip } from "./Tooltip";

type Variant = "primary" | "secondary" | "quiet" | "danger";
type Size = "sm" | "md";

const VARIANTS: Record<Variant, string> = {
  primary: "bg-accent text-on-accent shadow-xs hover:bg-accent-strong",
  secondary: "border border-line-strong bg-surface text-ink shadow-xs hover:bg-surface-3",
  quiet: "text-ink-2 hover:bg-surface-3 hover:text-ink",
  danger: "border border-bad-line bg-surface text-bad hover:bg-bad-soft",
};

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: Variant;
  size?: Size;
  /** Works on what it was pressed for: it takes no press, and keeps the focus, which a disabled button loses. */
  busy?: boolean;
  icon?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  variant = "secondary",
  size = "md",
  busy = false,
  icon,
  className,
  children,
  disabled,
  onClick,
  type = "button",
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      disabled={disabled}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      // Enter in a form presses its button, too: then nothing is sent again.
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={cx(
        "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors disabled:opacity-55 aria-disabled:opacity-55 [&_svg]:shrink-0",
        size === "md" ? "h-8 px-3 text-sm" : "h-7 px-2.5 text-xs",
        VARIANTS[variant],
        className,
      )}
      {...rest}
    >
      {busy ? <LoaderCircle size={14} className="animate-spin" aria-hidden /> : icon}
      {children}
    </button>
  );
}

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
  shortcut?: string | undefined;
  pressed?: boolean | undefined;
  small?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

/** A button that is only an icon: its label is its accessible name and its tooltip. */
export function IconButton({
  label,
  shortcut,
  pressed,
  small = false,
  className,
  children,
  type = "button",
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip label={label} shortcut={shortcut}>
      <button
        type={type}
        aria-label={label}
        aria-pressed={pressed}
        className={cx(
          "inline-flex shrink-0 items-center justify-center rounded-md text-ink-2 transition-colors hover:bg-surface-3 hover:text-ink disabled:opacity-40",
          small ? "size-6" : "size-8",
          pressed && "bg-accent-soft text-accent hover:bg-accent-soft hover:text-accent",
          className,
        )}
        {...rest}
      >
        {children}
      </button>
    </Tooltip>
  );
}

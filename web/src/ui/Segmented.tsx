import type { ReactNode } from "react";
import { cx } from "./cx";

interface SegmentedProps {
  label: string;
  value: string;
  onChange(value: string): void;
  options: readonly { value: string; label: string; icon?: ReactNode }[];
}

/** A few ways to see the same thing, one of which is on. */
export function Segmented({ label, value, onChange, options }: SegmentedProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: toggle buttons are no set of form fields.
    <div role="group" aria-label={label} className="inline-flex rounded-md bg-surface-3 p-0.5">
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={value === option.value}
          onClick={() => onChange(option.value)}
          className={cx(
            "flex h-5 items-center gap-1 rounded-sm px-1.5 text-xs",
            value === option.value ? "bg-surface text-ink shadow-xs" : "text-ink-3 hover:text-ink",
          )}
        >
          {option.icon}
          {option.label}
        </button>
      ))}
    </div>
  );
}

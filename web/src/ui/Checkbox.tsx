import { Check, Minus } from "lucide-react";
import { Checkbox as Radix } from "radix-ui";
import { cx } from "./cx";

interface CheckboxProps {
  id?: string;
  checked: boolean | "indeterminate";
  onChange(checked: boolean): void;
  label?: string | undefined;
  className?: string;
}

export function Checkbox({ id, checked, onChange, label, className }: CheckboxProps) {
  return (
    <Radix.Root
      id={id}
      checked={checked}
      onCheckedChange={(next) => onChange(next === true)}
      aria-label={label}
      className={cx(
        "flex size-4 shrink-0 items-center justify-center rounded-sm border border-line-strong bg-surface text-on-accent transition-colors hover:border-ink-3 data-[state=checked]:border-accent data-[state=indeterminate]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:bg-accent",
        className,
      )}
    >
      <Radix.Indicator>
        {checked === "indeterminate" ? (
          <Minus size={12} strokeWidth={3} aria-hidden />
        ) : (
          <Check size={12} strokeWidth={3} aria-hidden />
        )}
      </Radix.Indicator>
    </Radix.Root>
  );
}

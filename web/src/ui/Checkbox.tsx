import { Check, Minus } from "lucide-react";
import { Checkbox as Radix } from "radix-ui";
import { useRef } from "react";
import { cx } from "./cx";

interface CheckboxProps {
  id?: string;
  checked: boolean | "indeterminate";
  /** `shift`: whether the key was held, which means everything from the last one to this. */
  onChange(checked: boolean, shift: boolean): void;
  label?: string | undefined;
  className?: string;
}

export function Checkbox({ id, checked, onChange, label, className }: CheckboxProps) {
  const shift = useRef(false);
  return (
    <Radix.Root
      id={id}
      checked={checked}
      onClick={(event) => {
        shift.current = event.shiftKey;
      }}
      onCheckedChange={(next) => onChange(next === true, shift.current)}
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

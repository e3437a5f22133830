import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import { strings } from "../strings";
import { cx } from "./cx";
import { inputClass } from "./Form";

export interface SelectOption {
  value: string;
  label: string;
}

/**
 * Radix moves to the option that is typed in a task of its own. Whoever types and at once chooses, or whose machine is
 * busy, would choose the one before: so what chooses waits its turn behind the moves.
 */
function afterTyping(event: KeyboardEvent): void {
  if ((event.key !== "Enter" && event.key !== " ") || !event.isTrusted) return;
  event.preventDefault();
  event.stopPropagation();
  const { key, code } = event;
  setTimeout(() =>
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true })),
  );
}

interface SelectProps {
  id?: string | undefined;
  value: string;
  onChange(value: string): void;
  options: readonly SelectOption[];
  placeholder?: string | undefined;
  /** What the list says where it has no options. */
  empty?: string | undefined;
  label?: string | undefined;
  disabled?: boolean;
  compact?: boolean;
  className?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: true | undefined;
}

/** Radix cannot hold an empty value; this stands for it. */
const NONE = "\u0000none";

export function Select({
  id,
  value,
  onChange,
  options,
  placeholder,
  empty = strings.common.nothingToChoose,
  label,
  disabled,
  compact,
  className,
  ...aria
}: SelectProps) {
  const known = options.some((option) => option.value === value);
  return (
    <Radix.Root
      value={known ? value || NONE : ""}
      onValueChange={(next) => onChange(next === NONE ? "" : next)}
      disabled={disabled ?? false}
    >
      <Radix.Trigger
        id={id}
        aria-label={label}
        {...aria}
        className={cx(
          inputClass,
          "flex items-center gap-1 text-left data-placeholder:text-ink-3",
          compact ? "h-7 px-2 text-xs" : "h-8",
          className,
        )}
      >
        <span className="min-w-0 flex-1 truncate">
          <Radix.Value placeholder={value || placeholder || "\u00a0"} />
        </span>
        <Radix.Icon>
          <ChevronDown size={14} className="text-ink-3" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          onKeyDownCapture={({ nativeEvent }) => afterTyping(nativeEvent)}
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) max-w-96 animate-pop overflow-hidden rounded-lg border border-line bg-surface p-1 shadow-md"
        >
          <Radix.Viewport>
            {options.length === 0 && <p className="px-2 py-1.5 text-ink-2 text-sm">{empty}</p>}
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value || NONE}
                className="flex select-none items-center gap-2 rounded-md py-1.5 pr-2 pl-2 text-ink text-sm outline-none data-highlighted:bg-surface-3"
              >
                <span className="min-w-0 flex-1 truncate">
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                </span>
                <Radix.ItemIndicator>
                  <Check size={14} className="text-accent" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

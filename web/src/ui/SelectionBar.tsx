import { X } from "lucide-react";
import type { ReactNode } from "react";
import { strings } from "../strings";
import { Button, IconButton } from "./Button";

const t = strings.organising;

interface SelectionBarProps {
  count: number;
  onClear(): void;
  children: ReactNode;
}

/** What can be done to all that is selected in a list; it stays in view below the list. */
export function SelectionBar({ count, onClear, children }: SelectionBarProps) {
  return (
    <div
      role="toolbar"
      aria-label={t.bulkLabel}
      className="sticky bottom-3 z-20 mx-auto mt-3 flex w-fit max-w-full animate-slide-up items-center gap-0.5 rounded-xl border border-line bg-surface p-1.5 shadow-lg"
    >
      <span className="tabular whitespace-nowrap px-2 font-medium text-sm">{t.selected(count)}</span>
      {children}
      <IconButton small label={t.clearSelection} onClick={onClear} className="mx-1">
        <X size={14} />
      </IconButton>
    </div>
  );
}

interface SelectionButtonProps {
  label: string;
  icon: ReactNode;
  disabled?: boolean;
  danger?: boolean;
  onClick(): void;
}

/** One action of the bar; where there is little room, its icon. */
export function SelectionButton({ label, icon, disabled = false, danger = false, onClick }: SelectionButtonProps) {
  return (
    <Button
      size="sm"
      variant={danger ? "danger" : "quiet"}
      icon={icon}
      disabled={disabled}
      onClick={onClick}
      className="max-sm:px-2"
    >
      <span className="max-sm:sr-only">{label}</span>
    </Button>
  );
}

import { Ban, CircleCheck, CircleX, Hourglass, TimerOff } from "lucide-react";
import type { ReactNode } from "react";
import type { ApprovalState } from "../api/types";
import { strings } from "../strings";
import { cx } from "../ui/cx";

const LOOKS: Record<ApprovalState, { icon: ReactNode; tone: string }> = {
  open: { icon: <Hourglass size={13} aria-hidden />, tone: "bg-accent-soft text-accent" },
  approved: { icon: <CircleCheck size={13} aria-hidden />, tone: "bg-ok-soft text-ok" },
  rejected: { icon: <CircleX size={13} aria-hidden />, tone: "bg-bad-soft text-bad" },
  expired: { icon: <TimerOff size={13} aria-hidden />, tone: "bg-warn-soft text-warn" },
  cancelled: { icon: <Ban size={13} aria-hidden />, tone: "bg-surface-3 text-ink-2" },
};

/** What became of an approval. */
export function ApprovalBadge({ state }: { state: ApprovalState }) {
  const { icon, tone } = LOOKS[state];
  return (
    <span
      data-state={state}
      className={cx(
        "inline-flex items-center gap-1.5 whitespace-nowrap rounded-full py-0.5 pr-2 pl-1.5 font-medium text-xs",
        tone,
      )}
    >
      {icon}
      {strings.approvals.states[state]}
    </span>
  );
}

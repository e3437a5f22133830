import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePause,
  CircleSlash,
  CircleX,
  Clock,
  Hourglass,
  LoaderCircle,
  RotateCw,
  TimerOff,
} from "lucide-react";
import type { ComponentType } from "react";
import type { ExecutionStatus } from "../api/types";
import type { NodeState } from "../run/state";
import { strings } from "../strings";
import { cx } from "./cx";

type Shown = NodeState | ExecutionStatus;

interface Look {
  icon: ComponentType<{ size?: number; className?: string }>;
  tone: string;
  soft: string;
  spin?: boolean;
}

const LOOKS: Record<Shown, Look> = {
  unreached: { icon: CircleDashed, tone: "text-ink-3", soft: "bg-surface-3" },
  stopped: { icon: CirclePause, tone: "text-accent", soft: "bg-accent-soft" },
  waiting: { icon: Hourglass, tone: "text-accent", soft: "bg-accent-soft" },
  queued: { icon: Clock, tone: "text-ink-2", soft: "bg-surface-3" },
  running: { icon: LoaderCircle, tone: "text-busy", soft: "bg-busy-soft", spin: true },
  retrying: { icon: RotateCw, tone: "text-warn", soft: "bg-warn-soft", spin: true },
  succeeded: { icon: CircleCheck, tone: "text-ok", soft: "bg-ok-soft" },
  failed: { icon: CircleX, tone: "text-bad", soft: "bg-bad-soft" },
  skipped: { icon: CircleSlash, tone: "text-ink-3", soft: "bg-surface-3" },
  cancelled: { icon: Ban, tone: "text-ink-2", soft: "bg-surface-3" },
  timed_out: { icon: TimerOff, tone: "text-warn", soft: "bg-warn-soft" },
};

const UNKNOWN: Look = { icon: CircleDot, tone: "text-ink-3", soft: "bg-surface-3" };

export function StatusIcon({ status, size = 16, className }: { status: Shown; size?: number; className?: string }) {
  const { icon: Icon, tone, spin } = LOOKS[status] ?? UNKNOWN;
  return (
    <span className={cx("inline-flex", tone, className)}>
      <Icon size={size} {...(spin ? { className: "animate-spin [animation-duration:1.6s]" } : {})} aria-hidden />
    </span>
  );
}

export function StatusBadge({ status }: { status: Shown }) {
  const { tone, soft } = LOOKS[status] ?? UNKNOWN;
  return (
    <span
      data-status={status}
      className={cx(
        "inline-flex items-center gap-1.5 whitespace-nowrap rounded-full py-0.5 pr-2 pl-1.5 font-medium text-xs",
        tone,
        soft,
      )}
    >
      <StatusIcon status={status} size={13} />
      {strings.status[status] ?? status}
    </span>
  );
}

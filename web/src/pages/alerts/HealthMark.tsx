import { CircleAlert, CircleCheck, CircleDashed, CircleOff } from "lucide-react";
import type { Health } from "../../api/alerts";
import { strings } from "../../strings";
import { cx } from "../../ui/cx";

const ICONS = { well: CircleCheck, trouble: CircleAlert, off: CircleOff, unknown: CircleDashed };
const TONES = { well: "text-ok", trouble: "text-bad", off: "text-ink-3", unknown: "text-ink-3" };

/** How something is: a mark and a word. */
export function HealthMark({ state }: { state: Health["state"] }) {
  const Icon = ICONS[state];
  return (
    <span className={cx("flex shrink-0 items-center gap-1.5 font-medium text-xs", TONES[state])}>
      <Icon size={15} aria-hidden />
      {strings.alerts.health[state]}
    </span>
  );
}
